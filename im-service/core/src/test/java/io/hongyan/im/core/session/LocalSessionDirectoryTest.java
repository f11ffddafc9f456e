package io.hongyan.im.core.session;

import io.hongyan.im.core.contract.SessionDirectoryContract;

final class LocalSessionDirectoryTest extends SessionDirectoryContract {
    @Override
    protected SessionDirectory newDirectory() {
        return new LocalSessionDirectory();
    }
}
