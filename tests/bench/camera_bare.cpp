extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <fmt/format.h>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// The bare reference: libavformat and libavcodec in a loop, one thread a camera and nothing else.
//   bench-camera-bare --urls FILE [--read-only]
// FILE has one address a line (it holds access codes: a private file, not an argument). Answers each line
// of standard input with "PACKETS PICTURES" so far, all cameras together; ends with its standard input.

namespace {

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(&p);
    }
};
using AvInput = std::unique_ptr<AVFormatContext, Freer<avformat_close_input>>;
using AvDecoder = std::unique_ptr<AVCodecContext, Freer<avcodec_free_context>>;
using AvPacket = std::unique_ptr<AVPacket, Freer<av_packet_free>>;
using AvFrame = std::unique_ptr<AVFrame, Freer<av_frame_free>>;

struct Totals {
    std::atomic<std::uint64_t> packets = 0;
    std::atomic<std::uint64_t> pictures = 0;
    std::atomic<bool> ending = false;
};

int interrupted(void* totals) { return static_cast<const Totals*>(totals)->ending ? 1 : 0; }

AvInput open_input(const std::string& url, Totals& totals) {
    AVFormatContext* context = avformat_alloc_context();
    context->interrupt_callback = {interrupted, &totals};
    AVDictionary* options = nullptr;
    for (const auto& [name, value] : {std::pair{"rtsp_transport", "tcp"},
                                      {"allowed_media_types", "video"},
                                      {"timeout", "5000000"},
                                      {"fflags", "nobuffer"},
                                      {"max_delay", "0"},
                                      {"reorder_queue_size", "0"}})
        av_dict_set(&options, name, value, 0);
    const int result = avformat_open_input(&context, url.c_str(), nullptr, &options);  // frees on failure
    av_dict_free(&options);
    return AvInput{result < 0 ? nullptr : context};
}

AvDecoder open_decoder(const AVCodecParameters& parameters) {
    const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
    if (codec == nullptr) return nullptr;
    AvDecoder decoder{avcodec_alloc_context3(codec)};
    avcodec_parameters_to_context(decoder.get(), &parameters);
    decoder->thread_count = 1;
    decoder->flags |= AV_CODEC_FLAG_LOW_DELAY;
    return avcodec_open2(decoder.get(), codec, nullptr) < 0 ? nullptr : std::move(decoder);
}

// False: the camera could not be opened or read any further.
bool watch(const std::string& url, bool decode, Totals& totals) {
    const AvInput input = open_input(url, totals);
    if (!input || input->nb_streams == 0) return false;
    const AvDecoder decoder = decode ? open_decoder(*input->streams[0]->codecpar) : nullptr;
    const AvPacket packet{av_packet_alloc()};
    const AvFrame frame{av_frame_alloc()};
    while (av_read_frame(input.get(), packet.get()) >= 0) {
        if (packet->stream_index == 0) {
            ++totals.packets;
            if (decoder && avcodec_send_packet(decoder.get(), packet.get()) >= 0) {
                while (avcodec_receive_frame(decoder.get(), frame.get()) >= 0)
                    ++totals.pictures;
            }
        }
        av_packet_unref(packet.get());
    }
    return totals.ending;
}

}  // namespace

int main(int count, char** words) {
    const bool decode = count != 4 || std::string_view{words[3]} != "--read-only";
    if ((count != 3 && count != 4) || std::string_view{words[1]} != "--urls" || (count == 4 && decode)) {
        fmt::print(stderr, "usage: bench-camera-bare --urls FILE [--read-only]\n");
        return 2;
    }
    std::deque<std::string> urls;
    std::ifstream file{words[2]};
    for (std::string url; std::getline(file, url);)
        urls.push_back(url);
    if (urls.empty()) {
        fmt::print(stderr, "bench-camera-bare: no addresses in the file\n");
        return 1;
    }
    av_log_set_level(AV_LOG_FATAL);
    Totals totals;
    {
        std::vector<std::jthread> threads;
        for (const std::string& url : urls)
            threads.emplace_back([&url, decode, &totals] {
                if (!watch(url, decode, totals)) fmt::print(stderr, "bench-camera-bare: a camera ended\n");
            });
        for (std::string line; std::getline(std::cin, line);) {
            fmt::print("{} {}\n", totals.packets.load(), totals.pictures.load());
            std::fflush(stdout);
        }
        totals.ending = true;
    }
    return 0;
}
