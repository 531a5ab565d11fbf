#include "camera/foreign_reader.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "camera/h264_units.hpp"
#include "camera/libav.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavformat/avio.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
}

namespace farmwall::camera {
namespace {

using SystemClock = std::chrono::steady_clock;

constexpr auto open_limit = std::chrono::seconds{15};
constexpr auto silence_limit = std::chrono::seconds{30};
constexpr auto goodbye_limit = std::chrono::milliseconds{300};
constexpr auto refresh_interval = std::chrono::seconds{1};
constexpr auto stop_look_interval = std::chrono::milliseconds{50};
constexpr std::size_t most_packet_bytes = 10 << 20;

struct FreeBsf {
    void operator()(AVBSFContext* filter) const noexcept { av_bsf_free(&filter); }
};
using Bsf = std::unique_ptr<AVBSFContext, FreeBsf>;

struct CloseHttp {
    void operator()(AVIOContext* io) const noexcept { avio_close(io); }
};
using Http = std::unique_ptr<AVIOContext, CloseHttp>;

class Options {
public:
    Options() = default;
    ~Options() { av_dict_free(&dictionary_); }
    Options(const Options&) = delete;
    Options& operator=(const Options&) = delete;
    void set(const char* name, const char* value) { av_dict_set(&dictionary_, name, value, 0); }
    AVDictionary** get() { return &dictionary_; }

private:
    AVDictionary* dictionary_ = nullptr;
};

// The stop token and the deadline of whatever libavformat is doing.
struct Patience {
    const std::atomic<bool>& stop;
    SystemClock::time_point deadline;
    bool saying_goodbye = false;  // for which `stop` counts no more

    void allow(SystemClock::duration limit) { deadline = SystemClock::now() + limit; }
    [[nodiscard]] bool late() const { return SystemClock::now() >= deadline; }
    static int over(void* self) {
        const auto* patience = static_cast<const Patience*>(self);
        return ((patience->stop && !patience->saying_goodbye) || patience->late()) ? 1 : 0;
    }
};

bool is_rtsp(std::string_view url) {
    const std::string scheme = to_lower(url.substr(0, url.find("://")));
    return scheme == "rtsp" || scheme == "rtsps";
}

bool is_allowed(std::string_view url) {
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) return false;
    const std::string scheme = to_lower(url.substr(0, colon));
    return scheme == "rtsp" || scheme == "rtsps" || scheme == "http" || scheme == "https";
}

// The bytes belong to the picture that began before them: their first slice is not a picture's first.
bool continues_picture(std::span<const std::uint8_t> bytes) {
    constexpr std::size_t looked_at = 4096;  // the slice comes behind parameter sets and messages
    for (const auto unit : units_of(bytes.first(std::min(bytes.size(), looked_at)))) {
        if (const auto slice = read_slice_start(unit)) return slice->first_macroblock > 0;
    }
    return false;
}

// One opening of the address.
class Stream {
public:
    Stream(const Secret& url, Patience& patience) : url_{url}, patience_{patience} {}
    ~Stream() { close(); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    std::optional<ForeignEnd> open();
    // Packets until the end, of which it tells the reason.
    ForeignEnd read(const ForeignEvents& events);
    void close();
    // It was one JPEG and then over: a picture that has to be asked for again.
    [[nodiscard]] bool single_picture() const {
        return codec_ == AV_CODEC_ID_MJPEG && pictures_ == 1 && !is_rtsp(url_.reveal());
    }

private:
    [[nodiscard]] ForeignEnd failure(int code) const;
    int open_http();
    [[nodiscard]] const AVInputFormat* format_of_answer() const;
    std::optional<ForeignEnd> choose_stream();
    int next(AVPacket& packet);
    void note_sets(std::span<const std::uint8_t> annex_b);
    void hand_on(const AVPacket& packet, const ForeignEvents& events);
    void hand_on_held(const ForeignEvents& events);

    const Secret& url_;
    Patience& patience_;
    Http http_;  // null for RTSP; dies after input_, which reads from it
    AvInput input_;
    Bsf filter_;  // H.264 only: to Annex B
    int index_ = -1;
    AVCodecID codec_ = AV_CODEC_ID_NONE;
    ParameterSets parameters_;
    std::vector<std::uint8_t> held_;  // H.264: a picture, or what came of it so far
    bool held_key_ = false;
    bool in_parts_ = false;  // pictures come in more than one packet
    int pictures_ = 0;
};

ForeignEnd Stream::failure(int code) const {
    if (patience_.stop) return {};
    if (code == AVERROR_HTTP_UNAUTHORIZED) return {CameraProblem::bad_access_code, libav_error(code)};
    if (patience_.late() && pictures_ > 0) return {CameraProblem::stalled, "no picture for 30 s"};
    if (patience_.late()) return {CameraProblem::foreign_address_failed, "no answer in time"};
    return {CameraProblem::foreign_address_failed, libav_error(code)};
}

void bound(Options& options) {
    options.set("protocol_whitelist", "rtsp,rtsps,rtp,tcp,tls,http,https");
    options.set("format_whitelist", "rtsp,mpjpeg,mjpeg,jpeg_pipe,h264,mpegts,flv");
}

std::optional<ForeignEnd> Stream::open() {
    patience_.allow(open_limit);
    AVFormatContext* input = avformat_alloc_context();
    if (input == nullptr) return ForeignEnd{CameraProblem::foreign_address_failed, "no memory"};
    input->interrupt_callback = {Patience::over, &patience_};
    Options options;
    bound(options);
    options.set("fflags", "nobuffer");
    options.set("max_delay", "0");
    const bool rtsp = is_rtsp(url_.reveal());
    const AVInputFormat* format = nullptr;
    if (rtsp) {
        options.set("rtsp_transport", "tcp");
        options.set("allowed_media_types", "video");
        options.set("timeout", "5000000");  // µs
        options.set("reorder_queue_size", "0");
    } else {
        const int code = open_http();
        if (code < 0) {
            avformat_free_context(input);
            return failure(code);
        }
        input->pb = http_.get();
        format = format_of_answer();
    }
    // An HTTP address is not told again: its ending would be believed before what the server says.
    const int code = avformat_open_input(&input, rtsp ? url_.reveal().c_str() : "", format, options.get());
    if (code < 0) return failure(code);  // it freed the context
    input_.reset(input);
    return choose_stream();
}

int Stream::open_http() {
    Options options;
    bound(options);
    const AVIOInterruptCB interrupt{Patience::over, &patience_};
    AVIOContext* opened = nullptr;
    const int code = avio_open2(&opened, url_.reveal().c_str(), AVIO_FLAG_READ, &interrupt, options.get());
    http_.reset(opened);
    return code;
}

// By what the server calls it; null: to be found out from the first bytes.
const AVInputFormat* Stream::format_of_answer() const {
    std::uint8_t* text = nullptr;
    if (av_opt_get(http_.get(), "mime_type", AV_OPT_SEARCH_CHILDREN, &text) < 0 || text == nullptr)
        return nullptr;
    const std::string type = to_lower(reinterpret_cast<const char*>(text));
    av_free(text);
    if (type.starts_with("multipart/x-mixed-replace")) return av_find_input_format("mpjpeg");
    if (type.starts_with("image/jpeg")) return av_find_input_format("jpeg_pipe");
    return nullptr;
}

std::optional<ForeignEnd> Stream::choose_stream() {
    const auto video = [&] {
        for (unsigned i = 0; i < input_->nb_streams; ++i) {
            const AVCodecParameters& codec = *input_->streams[i]->codecpar;
            if (codec.codec_id == AV_CODEC_ID_H264 || codec.codec_id == AV_CODEC_ID_MJPEG)
                return static_cast<int>(i);
        }
        return -1;
    };
    index_ = video();
    if (index_ < 0 && !is_rtsp(url_.reveal())) {
        // The streams of such a file show only as it is read. An RTSP server has named them all.
        input_->probesize = 1 << 18;
        const int code = avformat_find_stream_info(input_.get(), nullptr);
        if (code < 0) return failure(code);
        index_ = video();
    }
    if (index_ < 0) return ForeignEnd{CameraProblem::unsupported, "neither H.264 nor JPEG"};
    for (unsigned i = 0; i < input_->nb_streams; ++i) {
        if (static_cast<int>(i) != index_) input_->streams[i]->discard = AVDISCARD_ALL;
    }
    const AVCodecParameters& codec = *input_->streams[index_]->codecpar;
    codec_ = codec.codec_id;
    if (codec_ != AV_CODEC_ID_H264) return std::nullopt;

    AVBSFContext* filter = nullptr;
    const AVBitStreamFilter* kind = av_bsf_get_by_name("h264_mp4toannexb");
    int code = kind != nullptr ? av_bsf_alloc(kind, &filter) : AVERROR_BSF_NOT_FOUND;
    if (code < 0) return failure(code);
    filter_.reset(filter);
    code = avcodec_parameters_copy(filter_->par_in, &codec);
    if (code >= 0) code = av_bsf_init(filter_.get());
    if (code < 0) return failure(code);
    const AVCodecParameters& sets = *filter_->par_out;
    const auto size = static_cast<std::size_t>(std::max(sets.extradata_size, 0));
    if (sets.extradata != nullptr) note_sets({sets.extradata, size});
    return std::nullopt;
}

// A packet of our stream in the form that is handed on; < 0: an error.
int Stream::next(AVPacket& packet) {
    for (;;) {
        if (filter_) {
            const int ready = av_bsf_receive_packet(filter_.get(), &packet);
            if (ready != AVERROR(EAGAIN)) return ready;
        }
        av_packet_unref(&packet);
        const int code = av_read_frame(input_.get(), &packet);
        if (code == AVERROR(EAGAIN)) {
            if (Patience::over(&patience_) != 0) return AVERROR_EXIT;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
            continue;
        }
        if (code < 0) return code;
        if (packet.stream_index != index_) continue;
        if (!filter_) return 0;
        const int taken = av_bsf_send_packet(filter_.get(), &packet);
        if (taken < 0) return taken;
    }
}

void Stream::note_sets(std::span<const std::uint8_t> annex_b) {
    for (const auto unit : units_of(annex_b))
        parameters_.note(unit);
}

// Some senders repeat the parameter sets between the slices of a key picture, where libavformat then
// takes the picture apart. Once one was seen to do so, a packet waits for the next, which tells whether it
// was all.
void Stream::hand_on(const AVPacket& from, const ForeignEvents& events) {
    if (from.size <= 0 || static_cast<std::size_t>(from.size) > most_packet_bytes) return;
    const std::span<const std::uint8_t> bytes{from.data, static_cast<std::size_t>(from.size)};
    if (codec_ != AV_CODEC_ID_H264) {
        Packet packet;
        packet.codec = Codec::jpeg;
        packet.bytes = std::make_shared<const Bytes>(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
        ++pictures_;
        events.packet(std::move(packet));
        return;
    }
    const bool key = (from.flags & AV_PKT_FLAG_KEY) != 0;
    if (key) note_sets(bytes);
    if (continues_picture(bytes)) {
        const bool known = std::exchange(in_parts_, true);
        if (known && held_.size() + bytes.size() <= most_packet_bytes)
            held_.insert(held_.end(), bytes.begin(), bytes.end());
        return;
    }
    hand_on_held(events);
    held_.assign(bytes.begin(), bytes.end());
    held_key_ = key;
    if (!in_parts_) hand_on_held(events);
}

void Stream::hand_on_held(const ForeignEvents& events) {
    if (held_.empty()) return;
    Packet packet;
    packet.codec = Codec::h264;
    packet.key = held_key_;
    packet.bytes = std::make_shared<const Bytes>(std::exchange(held_, {}));
    packet.parameters = parameters_.annex_b();
    ++pictures_;
    events.packet(std::move(packet));
}

ForeignEnd Stream::read(const ForeignEvents& events) {
    const AvPacket packet = make_av_packet();
    for (;;) {
        patience_.allow(silence_limit);
        const int code = next(*packet);
        if (patience_.stop) return {};
        if (code < 0) {
            hand_on_held(events);
            return failure(code);
        }
        hand_on(*packet, events);
        av_packet_unref(packet.get());
    }
}

void Stream::close() {
    if (!input_ && !http_) return;
    patience_.saying_goodbye = true;
    patience_.allow(goodbye_limit);
    filter_.reset();
    input_.reset();
    http_.reset();
    patience_.saying_goodbye = false;
}

void wait_for_refresh(const std::atomic<bool>& stop) {
    const auto until = SystemClock::now() + refresh_interval;
    while (!stop && SystemClock::now() < until)
        std::this_thread::sleep_for(stop_look_interval);
}

}  // namespace

ForeignEnd read_foreign(const Secret& url, const std::atomic<bool>& stop, const ForeignEvents& events) {
    silence_libav();
    if (!is_allowed(url.reveal()))
        return {CameraProblem::foreign_address_failed, "only rtsp, rtsps, http and https are opened"};
    Patience patience{stop, SystemClock::now()};
    for (bool first = true;; first = false) {
        Stream stream{url, patience};
        if (auto failed = stream.open()) return std::move(*failed);
        if (first) events.opened();
        ForeignEnd end = stream.read(events);
        if (stop || !stream.single_picture()) return end;
        stream.close();
        wait_for_refresh(stop);
        if (stop) return {};
    }
}

}  // namespace farmwall::camera
