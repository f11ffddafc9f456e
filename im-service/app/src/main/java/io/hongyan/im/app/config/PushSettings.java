package io.hongyan.im.app.config;

/** What business lines push to users. */
public record PushSettings(
        @Setting(value = "Users that one push may name; everybody is one word.", min = 1, max = 100_000)
        int recipientsMax,

        @Setting(value = "Pushes that are not finished; further ones are refused.", min = 1, max = 1_000_000)
        int openMax,

        @Setting(value = "Users gone through per second, all pushes together.", min = 1, max = 20_000)
        int usersPerSecondMax,

        @Setting(value = "Unreached users that an answer lists by name.", max = 10_000)
        int listedMax,

        @Setting(value = "Finished pushes are known so long.", unit = "days", min = 1, max = 3_650)
        int keptDays) {
    static final PushSettings DEFAULT = new PushSettings(10_000, 1_000, 5_000, 1_000, 30);
}
