#include <string>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/event/aedat4_streams.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;
using event::detail::aedat4_streams;

namespace {

std::string within(const std::string& streams) {
  return "<dv version=\"2.0\"><node name=\"outInfo\" path=\"/mainloop/Recorder/outInfo/\">" +
         streams + "</node></dv>";
}

std::string refusal(const std::string& description) {
  try {
    for (const auto& stream : aedat4_streams(description, "some.aedat4"))
      static_cast<void>(stream.sensor("some.aedat4"));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("The description of an AEDAT 4 file lists streams, their kinds and sensors", "[event]") {
  const auto streams = aedat4_streams(within(R"(
    <node name="0" path="/mainloop/Recorder/outInfo/0/">
      <attr key="compression" type="string">LZ4</attr>
      <attr key="typeIdentifier" type="string">FRME</attr>
      <node name="info" path="/mainloop/Recorder/outInfo/0/info/">
        <attr key="sizeX" type="int">346</attr>
        <attr key="sizeY" type="int">260</attr>
        <node name="deeper"><attr key="sizeX">1</attr></node>
      </node>
    </node>
    <node name="12">
      <node name="info"><attr key="sizeY"> 34 </attr><attr key="sizeX">20</attr></node>
      <attr key="typeIdentifier">
        EVTS
      </attr>
      <attr key="sizeX">9</attr>
    </node>
    <node name="3"><attr key="typeIdentifier">IMUS</attr></node>)"),
                                      "some.aedat4");
  REQUIRE(streams.size() == 3);
  CHECK(streams[0].number == 0);
  CHECK(streams[0].kind == "FRME");
  CHECK_FALSE(streams[0].has_events());
  CHECK(streams[0].sensor("some.aedat4") == event::Sensor{346, 260});
  CHECK(streams[1].number == 12);
  CHECK(streams[1].has_events());
  CHECK(streams[1].sensor("some.aedat4") == event::Sensor{20, 34});
  CHECK_FALSE(streams[2].sensor("some.aedat4").is_known());
}

TEST_CASE("Only what lies in outInfo is a stream of an AEDAT 4 file", "[event]") {
  CHECK(aedat4_streams("", "some.aedat4").empty());
  CHECK(aedat4_streams("<dv/>", "some.aedat4").empty());
  CHECK(aedat4_streams(R"(<dv><node name="mainloop"><node name="0"/></node></dv>)", "x").empty());
  CHECK(aedat4_streams(R"(<av><node name="outInfo"><node name="0"/></node></av>)", "x").empty());
  CHECK(aedat4_streams(within("<node/><attr key=\"0\"/>"), "x").empty());
}

TEST_CASE("A description of an AEDAT 4 file with numbers that are none is refused", "[event]") {
  CHECK_THAT(refusal(within(R"(<node name="one"/>)")),
             Contains("some.aedat4: expected numbers of streams") && Contains("'one'"));
  CHECK_THAT(refusal(within(R"(<node name="-1"/>)")), Contains("numbers of streams from 0"));
  CHECK_THAT(refusal(within(R"(<node name="2147483648"/>)")), Contains("numbers of streams"));
  CHECK_THAT(refusal(within(R"(<node name=""/>)")), Contains("numbers of streams"));
  CHECK_THAT(refusal(within(R"(<node name="2"/><node name="2"/>)")), Contains("2 twice"));
  for (const char* size : {"0", "-5", "32769", "12x", "1e3", "99999999999"}) {
    const std::string said =
        refusal(within(R"(<node name="0"><node name="info"><attr key="sizeX">)" +
                       std::string{size} + R"(</attr><attr key="sizeY">5</attr></node></node>)"));
    CHECK_THAT(said, Contains("columns of the sensor (sizeX) from 1 to 32768") && Contains(size));
  }
  CHECK_THAT(refusal("<dv>"), Contains("an end of the element 'dv'"));
}
