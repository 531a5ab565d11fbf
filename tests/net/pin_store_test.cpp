#include "net/pin_store.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "temporary_folder.hpp"
#include "test_certificate.hpp"
#include "waiting.hpp"

using namespace farmwall;
using namespace farmwall::net;

namespace {

const Serial serial{"01P00A000000001"};

Certificate printer_certificate(const std::string& name = serial.value) {
    return parse_certificate(make_certificate(name).certificate_pem).value();
}

Status save(PinStore& store, const Serial& whose, const Certificate& certificate) {
    Arrivals<Status> saved;
    store.save(whose, certificate, [&](Status status) { saved.put(std::move(status)); });
    REQUIRE(saved.wait_for(1));
    return saved.values().front();
}

}  // namespace

TEST_CASE("pin store: what was saved is found again, by a later program too") {
    const TemporaryFolder root;
    const auto certificate = printer_certificate();
    {
        PinStore store{root.path()};
        const auto before = store.load(serial);
        REQUIRE(before.ok());
        CHECK_FALSE(before.value());
        CHECK(save(store, serial, certificate).ok());
        CHECK(store.file_of(serial) == root.path() / "certificates" / "01P00A000000001.pem");
    }
    const PinStore later{root.path()};
    const auto found = later.load(serial);
    REQUIRE(found.ok());
    CHECK(found.value() == certificate);
}

TEST_CASE("pin store: another purpose has pins of its own") {
    const TemporaryFolder root;
    PinStore store{root.path()};
    PinStore camera{root.path(), "camera"};
    CHECK(camera.file_of(serial) == root.path() / "certificates" / "01P00A000000001-camera.pem");
    const auto certificate = printer_certificate();
    CHECK(save(camera, serial, certificate).ok());
    CHECK(camera.load(serial).value() == certificate);
    CHECK_FALSE(store.load(serial).value());
}

TEST_CASE("pin store: a new pin replaces the old one") {
    const TemporaryFolder root;
    PinStore store{root.path()};
    CHECK(save(store, serial, printer_certificate()).ok());
    const auto second = printer_certificate();
    CHECK(save(store, serial, second).ok());
    CHECK(store.load(serial).value() == second);
}

TEST_CASE("pin store: a file that holds something else is an error, not the lack of a pin") {
    const TemporaryFolder root;
    const PinStore store{root.path()};
    std::filesystem::create_directories(root.path() / "certificates");
    const auto write = [&](const std::string& text) { std::ofstream{store.file_of(serial)} << text; };
    SUBCASE("not a certificate") { write("hello"); }
    SUBCASE("empty") { write(""); }
    SUBCASE("another printer's") { write(printer_certificate("01P00A000000002").pem); }
    SUBCASE("far too long") { write(std::string(100'000, 'x')); }
    const auto found = store.load(serial);
    REQUIRE_FALSE(found.ok());
    CHECK(found.error().kind == ErrorKind::bad_input);
}

TEST_CASE("pin store: a serial that could leave the folder is refused") {
    const TemporaryFolder root;
    PinStore store{root.path()};
    for (const auto* bad : {"", "..", "../x", "a/b", "a.b", "a b", "a\\b", "\xC3\xBC", "a\n"}) {
        CHECK_FALSE(PinStore::usable(Serial{bad}));
        CHECK_FALSE(store.load(Serial{bad}).ok());
        CHECK_FALSE(save(store, Serial{bad}, printer_certificate()).ok());
    }
    CHECK_FALSE(PinStore::usable(Serial{std::string(33, 'A')}));
    CHECK(PinStore::usable(Serial{std::string(32, 'A')}));
    CHECK(PinStore::usable(Serial{"abc012XYZ"}));
}

TEST_CASE("pin store: a folder that cannot be made is an error") {
    const TemporaryFolder root;
    std::ofstream{root.path() / "certificates"} << "a file is in the way";
    PinStore store{root.path()};
    const auto saved = save(store, serial, printer_certificate());
    REQUIRE_FALSE(saved.ok());
    CHECK(saved.error().kind == ErrorKind::io);
}

TEST_CASE("pin store: what was accepted is written before the store is gone") {
    const TemporaryFolder root;
    Arrivals<Status> saved;
    {
        PinStore store{root.path()};
        for (int i = 0; i < 20; ++i) {
            const Serial one{"01P00A0000000" + std::to_string(10 + i)};
            store.save(one, printer_certificate(one.value),
                       [&](Status status) { saved.put(std::move(status)); });
        }
    }
    CHECK(saved.values().size() == 20);
}
