package io.hongyan.im.adapter.sql;

import java.io.IOException;
import java.io.InputStream;
import javax.sql.DataSource;
import org.apache.ibatis.builder.xml.XMLMapperBuilder;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.LocalCacheScope;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.managed.ManagedTransactionFactory;

/** The statements of the mapper files; where engines need different ones, those that are marked with the engine. */
public final class Mappers {
    /** How statements of MySQL are marked; those of SQLite have no mark. */
    public static final String MYSQL = "mysql";

    private static final Class<?>[] MAPPERS = {
        HeadMapper.class,
        HistoryMapper.class,
        ChangedMapper.class,
        UserMapper.class,
        DeviceMapper.class,
        MarkMapper.class,
        ConversationMapper.class,
        TrimMapper.class,
        GroupMapper.class,
        FanOutMapper.class,
        HintMapper.class,
        FeedMapper.class,
        PushMapper.class,
        DataEpochMapper.class
    };

    private Mappers() {}

    /**
     * Sessions are opened on given connections; the data source is never asked.
     *
     * @param engine the mark, null for SQLite
     * @param fetchSize as the driver takes it, null = its own
     */
    public static SqlSessionFactory sessions(
            String engine, DataSource dataSource, ExecutorType executor, Integer fetchSize) {
        Configuration configuration = new Configuration();
        configuration.setDatabaseId(engine);
        configuration.setDefaultExecutorType(executor);
        configuration.setDefaultFetchSize(fetchSize);
        configuration.setLocalCacheScope(LocalCacheScope.STATEMENT);
        configuration.setCacheEnabled(false);
        configuration.setEnvironment(
                new Environment(engine == null ? "sqlite" : engine, new ManagedTransactionFactory(), dataSource));
        for (Class<?> mapper : MAPPERS) {
            addMapper(configuration, mapper);
        }
        return new SqlSessionFactoryBuilder().build(configuration);
    }

    private static void addMapper(Configuration configuration, Class<?> mapper) {
        String resource = mapper.getSimpleName() + ".xml";
        try (InputStream xml = mapper.getResourceAsStream(resource)) {
            new XMLMapperBuilder(xml, configuration, resource, configuration.getSqlFragments()).parse();
        } catch (IOException e) {
            throw new IllegalStateException("mapper file " + resource, e);
        }
    }
}
