# Compiles and runs the consumer with nothing but what pkg-config says.
cmake_minimum_required(VERSION 3.25)
set(ENV{PKG_CONFIG_PATH} "${FOLDER}")
execute_process(COMMAND "${PKG_CONFIG}" --cflags --libs snnbd
  OUTPUT_VARIABLE told COMMAND_ERROR_IS_FATAL ANY)
separate_arguments(told UNIX_COMMAND "${told}")
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
execute_process(
  COMMAND "${COMPILER}" ${flags} "${SOURCE}/tests/package/main.cpp" ${told} -o "${PROGRAM}"
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${PROGRAM}" COMMAND_ERROR_IS_FATAL ANY)
