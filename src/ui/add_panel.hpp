#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ui/file_list.hpp"
#include "ui/job_matrix.hpp"
#include "ui/thumbnails.hpp"

namespace farmwall::ui {

// A file from the moment it was chosen until it is in the queue or thrown away. It is added held at once,
// because only then it is looked at; what a person chooses is said to the queue with Enqueue.
struct AddPanel {
    std::uint64_t ticket = 0;
    std::filesystem::path source;
    std::string file_name;
    bool sent = false;
    std::string error;  // why it was not added; empty: it was, or nobody knows yet
    JobId job;          // from the answer on

    enum class Target { any, printer, tag };
    Target target = Target::any;
    PrinterId printer;
    std::string tag;
    int plate = 1;
    int copies = 1;
    int priority = 0;
    bool hold = false;

    std::deque<Intent> outbox;  // confirmed, and not taken yet
    std::string note;
    MatrixState matrix;
};

struct AddState {
    bool browsing = false;
    std::unique_ptr<FileList> files;
    FileListing listing;
    std::string wanted_folder;                  // that is being read; empty: none
    std::deque<std::filesystem::path> waiting;  // dropped and not looked at yet, at most most_waiting
    std::optional<AddPanel> panel;
    std::uint64_t last_ticket = 0;
    static constexpr std::size_t most_waiting = 64;
};

// What is sent once a person has confirmed: the changes, the copies, and the release at the end.
[[nodiscard]] std::deque<Intent> enqueue_intents(const AddPanel& panel);
// The job as it will be with the choices of the panel.
[[nodiscard]] Job with_choices(const Job& job, const AddPanel& panel);

void open_file_list(const Frame& frame, AddState& state);
// The list of files, or the panel of one file, on the whole box. False when there is none of both; `note` is
// what became of the last one.
bool draw_add(const Frame& frame, const Rect& box, AddState& state, Thumbnails& thumbnails,
              std::string& note);
// A folder is being read.
[[nodiscard]] bool add_moves(const AddState& state);

}  // namespace farmwall::ui
