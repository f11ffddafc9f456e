/**
 * The HTTP face of the service: health, readiness, metrics, and the API below {@code /v1}.
 *
 * <p>A new subject of the API is a class that implements {@link io.hongyan.im.adapter.http.Routes}, and a line in
 * {@code Server.routes()} of the application. In {@code addTo} it puts, for each method of each path, an
 * {@code Operation} and a handler into the table. The operation is all there is to describe: its id, which is never
 * changed (a verb in lowerCamelCase), path, one sentence, who may call it
 * ({@code by(Access.business(HttpScope.FEED))}), the record of the body ({@code takes}), parameters after the question
 * mark ({@code takesQuery}, {@code takesPage}), status and record of the answer ({@code gives}), and the
 * {@code ErrorCode}s it may be refused with ({@code refuses}; what every operation may be refused with is added). The
 * OpenAPI description is written from it, so there is no second place to keep. Every component of a body's or answer's
 * record carries {@code @Described}, with {@code oneOf} where there are a few texts only; what is not {@code optional}
 * is checked to be there, unknown fields and wrong types are refused, all before the handler sees the record.
 *
 * <p>A handler gets an {@code ApiRequest} (caller, parameters, {@code body(Record.class)}, {@code requestId()}), calls
 * one use case of the core, and returns a stage with a {@code Reply}. It never blocks. It refuses by throwing a
 * {@code Problem}, or with one in the stage; {@code Problem.of(refusal)} answers for a refusal of the core. A stage that ends in a
 * {@code StorageException} becomes 503.
 *
 * <p>Adapters of other packages do not know this one: their routes stand here and call use cases.
 */
package io.hongyan.im.adapter.http;
