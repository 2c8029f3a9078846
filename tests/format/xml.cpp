#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/format/xml.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;
using Piece = xml::Reader::Piece;

namespace {

/// All pieces in a row: `<a key>text</a>`, with the attribute `key` if there is one.
std::string pieces(std::string_view text) {
  xml::Reader reader{text, "some.file"};
  std::string all;
  while (true) {
    switch (reader.next()) {
      case Piece::open: {
        all.append("<").append(reader.name());
        if (const auto key = reader.attribute("key")) all.append(" ").append(*key);
        all.append(">");
        break;
      }
      case Piece::text:
        all += reader.text();
        break;
      case Piece::close:
        all.append("</").append(reader.name()).append(">");
        break;
      case Piece::end:
        return all;
    }
  }
}

std::string refusal(std::string_view text) {
  try {
    pieces(text);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("XML is read piece by piece", "[format]") {
  CHECK(pieces("<a><b key=\"1\">text</b><c/></a>") == "<a><b 1>text</b><c></c></a>");
  CHECK(pieces("<?xml version=\"1.0\"?>\n<!-- <no> -->\n<a  other = 'x > y' key='\"' />\n") ==
        "<a \"></a>");
  CHECK(pieces("<a>1<!-- - -> -->2<b\n/>3</a\n>") == "<a>12<b></b>3</a>");
  CHECK(pieces("<a key='&lt;&#65;'>&amp;&quot;&apos;&gt;&#x20AC;&#233;&#x1F600;</a>") ==
        "<a <A>&\"'>\u20AC\u00E9\U0001F600</a>");
  CHECK(pieces("<a><![CDATA[<b>&amp;]]></a>") == "<a><b>&amp;</a>");
  CHECK(pieces("").empty());
  CHECK(pieces(" \n").empty());
}

TEST_CASE("XML that is not well-formed is refused with its place", "[format]") {
  CHECK_THAT(refusal("<a><b></a>"), Contains("some.file: expected XML with an end of the element "
                                             "'b', found '</a>' at character 6"));
  CHECK_THAT(refusal("<a>"), Contains("an end of the element 'a', found its end"));
  CHECK_THAT(refusal("</a>"), Contains("no end without a beginning"));
  CHECK_THAT(refusal("<a"), Contains("elements that end"));
  CHECK_THAT(refusal("<a key='>"), Contains("elements that end"));
  CHECK_THAT(refusal("<a <b/>"), Contains("elements that end"));
  CHECK_THAT(refusal("<a></a"), Contains("elements that end"));
  CHECK_THAT(refusal("<>"), Contains("names of elements"));
  CHECK_THAT(refusal("text"), Contains("text within elements only"));
  CHECK_THAT(refusal("<a/> t"), Contains("'t' at character 5"));
  CHECK_THAT(refusal("<a><!-- "), Contains("comments that end"));
  CHECK_THAT(refusal("<?xml"), Contains("instructions that end"));
  CHECK_THAT(refusal("<a><![CDATA[ ]]"), Contains("literal text that ends"));
  CHECK_THAT(refusal("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), Contains("no declarations"));
  for (const char* attributes : {"key", "key=", "key=1", "='1'", "other key='1'", "k='1' =='2'"})
    CHECK_THAT(refusal("<a " + std::string{attributes} + "/>"), Contains("attributes like"));
  for (const char* entity : {"&b;", "&", "&;", "&#;", "&#x;", "&#xD800;", "&#0;", "&#x110000;",
                             "&#99999999999;", "&#12 ;", "&amp"})
    CHECK_THAT(refusal("<a>" + std::string{entity} + "</a>"), Contains("known entities"));
}

TEST_CASE("XML cut short anywhere is refused or has nothing left open", "[format]") {
  const std::string text = "<?x?><a b='c' key='&amp;'><!-- --><d/>e&#65;<![CDATA[f]]></a><!-- -->";
  const std::string::size_type whole = text.find("</a>") + 4;
  for (std::size_t size = 1; size < text.size(); ++size) {
    const bool complete = size == whole || size == 5;
    CAPTURE(size);
    REQUIRE(refusal(text.substr(0, size)).empty() == complete);
  }
}
