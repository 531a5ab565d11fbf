#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace farmwall::config {

struct Member;

// One value of a config file with the line it stands on, free of any parser's types.
struct Node {
    enum class Kind { text, whole, decimal, flag, date, list, table };
    Kind kind = Kind::table;
    int line = 0;  // from 1; 0: not known
    std::string text;
    std::int64_t whole = 0;
    double decimal = 0;
    bool flag = false;
    std::vector<Node> items;      // list
    std::vector<Member> members;  // table, in the order of the file
};

struct Member {
    std::string key;
    int line = 0;
    Node value;
};

// The member named `key`; null when there is none. Points into `table`.
[[nodiscard]] const Node* find(const Node& table, std::string_view key);
// For people: "text", "a whole number", "a list".
[[nodiscard]] std::string_view kind_words(Node::Kind kind);

// A place where the text is not TOML. `key` is what stood left of the '=' of a line that was
// left out so that reading could go on.
struct SyntaxProblem {
    int line = 0;
    std::string key;
    std::string what;  // a constant sentence: it repeats nothing of the file
};

struct Document {
    Node root;
    std::vector<SyntaxProblem> problems;
    bool readable = true;  // false: `root` is empty, and nothing can be said about keys
};

// Reads TOML. A line that is wrong by itself is left out and reading goes on, so that one pass
// finds every such line (at most 50).
[[nodiscard]] Document read_toml(std::string text);

}  // namespace farmwall::config
