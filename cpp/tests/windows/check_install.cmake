# Installs the client library for Windows and builds programs against it as its users do: by find_package, by
# pkg-config, in C. Runs them where RUN names an emulator.
cmake_minimum_required(VERSION 3.22)
string(REPLACE "|" ";" RUN "${RUN}")

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(result)
    string(JOIN " " command ${ARGN})
    message(FATAL_ERROR "${what}: ${command}\n${result}: ${said}")
  endif()
endfunction()

function(run_program what)
  if(RUN)
    run(${what} ${RUN} ${ARGN})
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
# Moved after the installation: nothing in it may know where it was put first.
run("install" ${CMAKE_COMMAND} --install ${BUILD} --component sdk --prefix ${WORK}/first)
run("install" ${CMAKE_COMMAND} --install ${BUILD} --component rtmodel --prefix ${WORK}/first)
file(RENAME ${WORK}/first ${WORK}/prefix)
file(GLOB libraries ${WORK}/prefix/bin/*.dll)

# What the property sheet for Visual Studio names is there; MSVC's import library has the DLL's name.
file(READ ${WORK}/prefix/share/dh_advisor/windows/dh_advisor.props sheet)
foreach(part include bin/dh_advisor.dll)
  string(REPLACE "/" "\\" named ${part})
  string(FIND "${sheet}" "$(DhAdvisorPrefix)${named}" at)
  if(at EQUAL -1 OR NOT EXISTS ${WORK}/prefix/${part})
    message(FATAL_ERROR "dh_advisor.props or the installed library lacks ${part}")
  endif()
endforeach()

set(ENV{PKG_CONFIG_LIBDIR} ${WORK}/prefix/${LIBDIR}/pkgconfig:${ROOT}/lib/pkgconfig)
foreach(static "" --static)
  execute_process(COMMAND ${PKG_CONFIG} --cflags --libs ${static} dh_advisor OUTPUT_VARIABLE flags
    OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE result)
  if(result)
    message(FATAL_ERROR "pkg-config ${static} knows no dh_advisor")
  endif()
  if(static)
    # A C program has no C++ runtime of its own, so all of it comes from the archive.
    string(REPLACE "-ldh_advisor " "-DDH_ADVISOR_STATIC ${WORK}/prefix/${LIBDIR}/libdh_advisor_static.a " flags "-static ${flags} ")
  endif()
  separate_arguments(flags UNIX_COMMAND "${flags}")
  set(folder ${WORK}/plain${static})
  file(MAKE_DIRECTORY ${folder})
  run("C by pkg-config ${static}" ${C_COMPILER} -std=c99 -pedantic -Wall -Wextra -Werror
    ${TESTS}/sdk/install/plain.c -o ${folder}/plain.exe ${flags})
  if(NOT static)
    file(COPY ${libraries} DESTINATION ${folder})
  endif()
  run_program("the C program" ${folder}/plain.exe)
endforeach()

# The optimizer's library needs no flags but its folder.
set(folder ${WORK}/rtmodel)
file(MAKE_DIRECTORY ${folder})
file(COPY ${libraries} DESTINATION ${folder})
run("C against rtmodel.dll" ${C_COMPILER} -std=c99 -pedantic -Wall -Wextra -Werror ${TESTS}/windows/plain_rtmodel.c
  -o ${folder}/plain.exe -I${WORK}/prefix/include -L${WORK}/prefix/${LIBDIR} -lrtmodel)
run_program("the C program of rtmodel.dll" ${folder}/plain.exe)

set(examples advised_loop advised_loop_c self_check_c)
foreach(library dh_advisor dh_advisor_shared)
  string(COMPARE EQUAL ${library} dh_advisor_shared is_shared)
  set(folder ${WORK}/${library})
  run("configuring by find_package" ${CMAKE_COMMAND} -G Ninja -S ${TESTS}/../examples -B ${folder}
    --toolchain ${TOOLCHAIN} -D DH_ADVISOR_PREFIX=${WORK}/prefix -D CMAKE_BUILD_TYPE=Debug -D DH_ADVISOR_LIBRARY=${library}
    # As on a machine that has neither.
    -D CMAKE_DISABLE_FIND_PACKAGE_Boost=${is_shared} -D CMAKE_DISABLE_FIND_PACKAGE_Protobuf=${is_shared})
  run("building by find_package" ${CMAKE_COMMAND} --build ${folder} --target ${examples})
  if(is_shared)
    file(COPY ${libraries} DESTINATION ${folder})
  endif()
  foreach(example ${examples})
    run_program("${example}" ${folder}/${example}.exe 127.0.0.1:9)
  endforeach()
endforeach()
