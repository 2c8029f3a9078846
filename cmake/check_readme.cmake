# README.md shows examples/quickstart.cpp as it is.
cmake_minimum_required(VERSION 3.25)
file(READ "${SOURCE}/README.md" readme)
file(READ "${SOURCE}/examples/quickstart.cpp" program)
string(FIND "${readme}" "```cpp\n${program}```\n" place)
if(place EQUAL -1)
  message(FATAL_ERROR "README.md: expected examples/quickstart.cpp as a block of code, found another "
    "text: copy the program into the page")
endif()
