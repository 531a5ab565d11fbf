#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace farmwall::sim {

// What one line of a control connection leads to.
struct FtpStep {
    enum class Action {
        reply,
        close,      // after the reply
        open_data,  // PASV or EPSV: reply made by passive_reply()
        enter,      // CWD, CDUP: then entered()
        list,
        store,
        append,
        retrieve,
        size,
        remove,
        rename_from,  // then renaming()
        rename,
        free_space,
    };
    Action action = Action::reply;
    std::string reply = {};   // without its line end; empty where the file server makes it
    std::string path = {};    // begins with a slash, no "..", see path_from()
    std::string target = {};  // rename: the new path
    std::uint64_t from = 0;   // retrieve: bytes to skip
    bool extended = false;    // open_data: EPSV
    bool names_only = false;  // list: NLST
};

// The control connection of a printer's file server (protocol 9), without its network: lines in, steps
// out. One thread.
class FtpSession {
public:
    // `renames`: as the vsFTPd of newer models; P1 and A1 refuse RNFR and RNTO.
    FtpSession(Secret access_code, bool renames);

    [[nodiscard]] static std::string greeting(bool renames);
    // A line without its end. Any bytes.
    [[nodiscard]] FtpStep take(std::string_view line);
    // The folder of an `enter` step is there.
    void entered(std::string path) { folder_ = std::move(path); }
    // The file of a `rename_from` step is there.
    void renaming(std::string path) { renaming_ = std::move(path); }
    [[nodiscard]] bool logged_in() const { return logged_in_; }
    // PROT P: data over TLS.
    [[nodiscard]] bool protects_data() const { return protects_data_; }

private:
    [[nodiscard]] FtpStep take_login(std::string_view verb, std::string_view argument);
    [[nodiscard]] FtpStep take_setting(std::string_view verb, std::string_view argument);
    [[nodiscard]] FtpStep take_file(std::string_view verb, std::string_view argument);
    [[nodiscard]] FtpStep on_path(FtpStep::Action action, std::string_view name) const;

    Secret access_code_;
    bool renames_;
    bool user_known_ = false;
    bool logged_in_ = false;
    bool buffer_size_given_ = false;
    bool protects_data_ = false;
    std::uint64_t restart_ = 0;
    std::string folder_ = "/";
    std::string renaming_;  // RNFR was fine, RNTO is to follow
};

// The answer to PASV and EPSV. Printers name 0.0.0.0: clients use the address they know.
[[nodiscard]] std::string passive_reply(bool extended, int port);

}  // namespace farmwall::sim
