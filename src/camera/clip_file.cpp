#include <turbojpeg.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <fstream>
#include <span>
#include <string>
#include <utility>

#include "base/platform.hpp"
#include "camera/black_box.hpp"
#include "camera/clip_names.hpp"
#include "camera/clip_text.hpp"
#include "camera/libav.hpp"

namespace farmwall::camera {
namespace {

namespace fs = std::filesystem;

static_assert(Bytes::padding >= AV_INPUT_BUFFER_PADDING_SIZE);

// MP4 and players go no further.
constexpr int largest_side = 16384;
// No camera sends bigger ones; libavformat counts bytes in an int.
constexpr std::size_t most_picture_bytes = std::size_t{64} << 20;
constexpr std::size_t most_parameter_bytes = std::size_t{64} << 10;
constexpr int ticks_per_second = 90'000;

struct FreeParser {
    void operator()(AVCodecParserContext* parser) const noexcept { av_parser_close(parser); }
};
// Closes the file as well; what that says is lost: a clip that is to be kept is closed by hand.
struct FreeOutput {
    void operator()(AVFormatContext* output) const noexcept {
        if (output->pb) avio_closep(&output->pb);
        avformat_free_context(output);
    }
};
struct FreeJpeg {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};
using Output = std::unique_ptr<AVFormatContext, FreeOutput>;

struct Size {
    int width = 0;
    int height = 0;
    [[nodiscard]] bool valid() const {
        return width > 0 && height > 0 && width <= largest_side && height <= largest_side;
    }
};

// The packets of one clip: all of one kind, the first one a key frame.
struct Stretch {
    std::span<const Packet> packets;
    Size size;
};

Error av_error(const char* what, int code, const fs::path& file) {
    return {ErrorKind::io, std::string{what} + " (" + libav_error(code) + ")", file.string()};
}

bool same_parameters(const Packet& a, const Packet& b) {
    if (a.codec != b.codec) return false;
    if (a.parameters == b.parameters) return true;
    return a.parameters && b.parameters && std::ranges::equal(a.parameters->view(), b.parameters->view());
}

bool has(const SharedBytes& bytes, std::size_t most) {
    return bytes && bytes->size() > 0 && bytes->size() <= most;
}

bool begins_clip(const Packet& packet) {
    if (!packet.key || !has(packet.bytes, most_picture_bytes)) return false;
    return packet.codec == Codec::jpeg || has(packet.parameters, most_parameter_bytes);
}

// The stretch with the stream's parameters at the moment `at`: the last one that begins before, or else the
// first. Empty without any key frame.
std::span<const Packet> stretch_at(std::span<const Packet> packets, TimePoint at) {
    std::span<const Packet> chosen;
    for (std::size_t begin = 0; begin < packets.size();) {
        std::size_t end = begin + 1;
        while (end < packets.size() && same_parameters(packets[begin], packets[end]))
            ++end;
        const auto run = packets.subspan(begin, end - begin);
        const auto key = std::ranges::find_if(run, begins_clip);
        if (key != run.end() && (chosen.empty() || key->arrived <= at))
            chosen = run.subspan(static_cast<std::size_t>(key - run.begin()));
        begin = end;
    }
    return chosen;
}

Size jpeg_size(const Packet& packet) {
    const std::unique_ptr<void, FreeJpeg> decoder{tjInitDecompress()};
    Size size;
    int sampling = 0;
    int colors = 0;
    if (!decoder || tjDecompressHeader3(decoder.get(), packet.bytes->data(), packet.bytes->size(),
                                        &size.width, &size.height, &sampling, &colors) != 0)
        return {};
    return size;
}

// From the SPS, through libavcodec's parser, which wants to see a slice that uses it.
Size h264_size(const Packet& key) {
    const std::unique_ptr<AVCodecParserContext, FreeParser> parser{av_parser_init(AV_CODEC_ID_H264)};
    const AvCodec context{avcodec_alloc_context3(nullptr)};
    if (!parser || !context) return {};
    context->codec_id = AV_CODEC_ID_H264;
    parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
    std::vector<std::uint8_t> both{key.parameters->view().begin(), key.parameters->view().end()};
    both.insert(both.end(), key.bytes->view().begin(), key.bytes->view().end());
    const Bytes padded{std::move(both)};
    std::uint8_t* picture = nullptr;
    int picture_bytes = 0;
    av_parser_parse2(parser.get(), context.get(), &picture, &picture_bytes, padded.data(),
                     static_cast<int>(padded.size()), AV_NOPTS_VALUE, AV_NOPTS_VALUE, 0);
    return {parser->width, parser->height};
}

Result<Stretch> choose(const std::vector<Packet>& packets, TimePoint at) {
    Stretch stretch{stretch_at(packets, at), {}};
    if (stretch.packets.empty())
        return Error{ErrorKind::bad_input, "There is no picture to begin the clip with"};
    const Packet& first = stretch.packets.front();
    stretch.size = first.codec == Codec::jpeg ? jpeg_size(first) : h264_size(first);
    if (!stretch.size.valid())
        return Error{ErrorKind::bad_input, "The size of the camera's pictures cannot be read"};
    return stretch;
}

// libavformat takes UTF-8, and a colon in a path for the end of a protocol's name.
std::string url_of(const fs::path& file) {
    const auto utf8 = file.u8string();
    return "file:" + std::string{utf8.begin(), utf8.end()};
}

// Adds the one stream and writes the header.
Status begin(AVFormatContext& output, const Stretch& stretch, const fs::path& file) {
    AVStream* stream = avformat_new_stream(&output, nullptr);
    if (!stream) return Error{ErrorKind::io, "The clip cannot be begun", file.string()};
    const Packet& first = stretch.packets.front();
    AVCodecParameters& codec = *stream->codecpar;
    codec.codec_type = AVMEDIA_TYPE_VIDEO;
    codec.codec_id = first.codec == Codec::h264 ? AV_CODEC_ID_H264 : AV_CODEC_ID_MJPEG;
    codec.width = stretch.size.width;
    codec.height = stretch.size.height;
    stream->time_base = {1, ticks_per_second};
    if (first.codec == Codec::h264) {
        // In Annex B form: the muxer makes its own of it and of the pictures.
        const auto parameters = first.parameters->view();
        codec.extradata =
            static_cast<std::uint8_t*>(av_mallocz(parameters.size() + AV_INPUT_BUFFER_PADDING_SIZE));
        if (!codec.extradata) return Error{ErrorKind::io, "The clip cannot be begun", file.string()};
        std::ranges::copy(parameters, codec.extradata);
        codec.extradata_size = static_cast<int>(parameters.size());
    }
    if (const int code = avio_open(&output.pb, url_of(file).c_str(), AVIO_FLAG_WRITE); code < 0)
        return av_error("The clip cannot be written", code, file);
    AVDictionary* options = nullptr;
    // The index at the beginning: a browser shows the clip while it loads.
    if (first.codec == Codec::h264) av_dict_set(&options, "movflags", "+faststart", 0);
    const int code = avformat_write_header(&output, &options);
    av_dict_free(&options);
    if (code < 0) return av_error("The clip cannot be begun", code, file);
    return Done{};
}

// Times are of arrival, and strictly increasing even where several pictures came at once.
struct Ticks {
    TimePoint first{};
    AVRational base{1, ticks_per_second};
    std::int64_t last = -1;

    std::int64_t next(TimePoint arrived) {
        const auto since =
            std::chrono::duration_cast<std::chrono::nanoseconds>(std::max(arrived, first) - first);
        const std::int64_t tick = av_rescale_q(since.count(), AVRational{1, 1'000'000'000}, base);
        return last = std::max(tick, last + 1);
    }
};

// The pictures written. Those that the muxer refuses are left out; trouble with the disk is not.
Result<std::size_t> write_pictures(AVFormatContext& output, const Stretch& stretch, const fs::path& file) {
    const AvPacket packet = make_av_packet();
    const AVRational base = output.streams[0]->time_base;
    std::vector<std::int64_t> times;
    times.reserve(stretch.packets.size() + 1);
    Ticks ticks{stretch.packets.front().arrived, base, -1};
    for (const Packet& picture : stretch.packets)
        times.push_back(ticks.next(picture.arrived));
    const auto intervals = std::max<std::int64_t>(1, static_cast<std::int64_t>(times.size()) - 1);
    times.push_back(times.back() + std::max<std::int64_t>(1, times.back() / intervals));

    std::size_t written = 0;
    for (std::size_t i = 0; i < stretch.packets.size(); ++i) {
        const Packet& picture = stretch.packets[i];
        if (!has(picture.bytes, most_picture_bytes)) continue;
        av_packet_unref(packet.get());
        // Not changed: av_write_frame() leaves the caller's bytes alone.
        packet->data = const_cast<std::uint8_t*>(picture.bytes->data());
        packet->size = static_cast<int>(picture.bytes->size());
        packet->pts = packet->dts = times[i];
        packet->duration = times[i + 1] - times[i];
        packet->flags = picture.key ? AV_PKT_FLAG_KEY : 0;
        const int code = av_write_frame(&output, packet.get());
        if (output.pb->error < 0) return av_error("The clip cannot be written", output.pb->error, file);
        if (code >= 0) ++written;
    }
    if (written == 0) return Error{ErrorKind::bad_input, "None of the pictures can be written as a clip"};
    return written;
}

Result<std::size_t> write_video(const Stretch& stretch, const fs::path& file) {
    const bool h264 = stretch.packets.front().codec == Codec::h264;
    AVFormatContext* made = nullptr;
    const int code =
        avformat_alloc_output_context2(&made, nullptr, h264 ? "mp4" : "matroska", url_of(file).c_str());
    if (code < 0) return av_error("The clip cannot be begun", code, file);
    const Output output{made};
    if (const Status begun = begin(*output, stretch, file); !begun) return begun.error();
    Result<std::size_t> written = write_pictures(*output, stretch, file);
    // Also after an error: it frees what the muxer holds.
    const int ended = av_write_trailer(output.get());
    if (!written) return written.error();
    const int flushed = output->pb->error;
    const int closed = avio_closep(&output->pb);
    for (const int end : {ended, flushed, closed})
        if (end < 0) return av_error("The clip cannot be written", end, file);
    return written;
}

Status write_text(const std::string& text, const fs::path& file) {
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    out << text;
    out.close();
    if (!out) return Error{ErrorKind::io, "The clip's description cannot be written", file.string()};
    return Done{};
}

ClipFacts facts_of(const Stretch& stretch, std::size_t pictures) {
    const Packet& first = stretch.packets.front();
    const Duration length = stretch.packets.back().arrived - first.arrived;
    return {first.arrived,      std::chrono::duration<double>(length).count(),
            pictures,           first.codec,
            stretch.size.width, stretch.size.height};
}

// Both files under their unfinished names, then both under their own, the video last.
Result<std::vector<fs::path>> write_pair(const fs::path& folder, const ClipSubject& subject,
                                         const Stretch& stretch) {
    const std::string stem = free_stem(folder, subject.when, subject.cause);
    const char* ending = stretch.packets.front().codec == Codec::h264 ? ".mp4" : ".mkv";
    const fs::path video = folder / (stem + ending);
    const fs::path text = folder / (stem + ".json");
    const fs::path video_part = folder / unfinished_name(stem + ending);
    const fs::path text_part = folder / unfinished_name(stem + ".json");

    const auto made = [&]() -> Status {
        const auto pictures = write_video(stretch, video_part);
        if (!pictures) return pictures.error();
        const std::string json = clip_json(subject, facts_of(stretch, pictures.value()));
        if (Status status = write_text(json, text_part); !status) return status;
        if (Status status = platform::move_flushed(text_part, text); !status) return status;
        return platform::move_flushed(video_part, video);
    }();
    if (made) return std::vector{video, text};
    std::error_code ignored;  // told is why the clip failed
    for (const fs::path& file : {video_part, text_part, video, text})
        fs::remove(file, ignored);
    return made.error();
}

}  // namespace

Result<std::vector<fs::path>> write_clip(const fs::path& folder, const ClipSubject& subject,
                                         const std::vector<Packet>& packets) {
    silence_libav();
    const Result<Stretch> stretch = choose(packets, subject.at);
    if (!stretch) return Error{stretch.error().kind, stretch.error().what, subject.printer.value};
    const fs::path own = clip_folder(folder, subject.printer);
    std::error_code problem;
    fs::create_directories(own, problem);
    if (problem)
        return Error{ErrorKind::io, "The clips' folder cannot be made (" + problem.message() + ")",
                     own.string()};
    return write_pair(own, subject, stretch.value());
}

}  // namespace farmwall::camera
