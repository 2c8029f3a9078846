# Installing what is not built must be refused in one sentence that names the command to build it.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE "${FOLDER}")
execute_process(COMMAND "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${FOLDER}" -G "${GENERATOR}"
  "-DCMAKE_CXX_COMPILER=${COMPILER}"
  -DSNNBD_TESTS=OFF -DSNNBD_EXAMPLES=OFF -DSNNBD_BENCH=OFF -DSNNBD_DOCS=OFF
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${FOLDER}" --prefix "${FOLDER}/prefix"
  RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE errors)
if(result EQUAL 0)
  message(FATAL_ERROR "cmake --install before a build: expected an error, found none")
endif()
string(REGEX REPLACE "[ \n]+" " " said "${errors}")
string(REGEX MATCHALL "CMake Error" all "${said}")
list(LENGTH all count)
string(FIND "${said}" "run 'cmake --build ${FOLDER} --target build_library' first" place)
if(NOT count EQUAL 1 OR place EQUAL -1)
  message(FATAL_ERROR "cmake --install before a build: expected one error that names the command, "
    "found ${count}: ${said}")
endif()
