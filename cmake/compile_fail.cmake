# CASE must be refused by the compiler in the words of its line `// expect: SENTENCE`, and be
# accepted with SNNBD_FIXED defined: otherwise it might fail for another reason.
cmake_minimum_required(VERSION 3.25)

file(READ "${CASE}" text)
if(NOT text MATCHES "// expect: ([^\n]+)")
  message(FATAL_ERROR "${CASE}: expected a line '// expect: SENTENCE', found none")
endif()
string(STRIP "${CMAKE_MATCH_1}" sentence)
string(REGEX REPLACE "[][;]" "_" sentence "${sentence}")

# The whole list as JSON would be parsed again for each of its entries: only this one is.
file(READ "${COMMANDS}" entries)
string(FIND "${entries}" "\"file\": \"${CASE}\"" end)
if(end EQUAL -1)
  message(FATAL_ERROR "${COMMANDS}: expected an entry for ${CASE}, found none")
endif()
string(SUBSTRING "${entries}" 0 ${end} entries)
string(FIND "${entries}" "{" begin REVERSE)
string(SUBSTRING "${entries}" ${begin} -1 entry)
string(JSON line GET "${entry} \"file\": \"\"}" command)
separate_arguments(command UNIX_COMMAND "${line}")
list(FIND command -o output)
math(EXPR object "${output} + 1")
list(REMOVE_AT command ${output} ${object})
list(REMOVE_ITEM command -c)

execute_process(COMMAND ${command} -fsyntax-only -DSNNBD_FIXED
  RESULT_VARIABLE fixed ERROR_VARIABLE found)
if(NOT fixed EQUAL 0)
  message(FATAL_ERROR "${CASE}: expected to compile with SNNBD_FIXED, found\n${found}")
endif()

execute_process(COMMAND ${command} -fsyntax-only RESULT_VARIABLE broken ERROR_VARIABLE found)
if(broken EQUAL 0)
  message(FATAL_ERROR "${CASE}: expected to be refused, found that it compiles")
endif()

# Brackets and semicolons would change how CMake splits the lines.
string(REGEX REPLACE "[][;]" "_" lines "${found}")
string(REGEX MATCHALL "[^\n]*error:[^\n]*" errors "${lines}")
list(LENGTH errors error_count)
set(said 0)
foreach(error IN LISTS errors)
  string(FIND "${error}" "${sentence}" place)
  if(NOT place EQUAL -1)
    math(EXPR said "${said} + 1")
  endif()
endforeach()
if(said LESS 1 OR said GREATER 2 OR error_count GREATER 3)
  message(FATAL_ERROR "${CASE}: expected the sentence '${sentence}' once or twice among at most 3 "
    "errors, found it ${said} times among ${error_count}:\n${found}")
endif()
