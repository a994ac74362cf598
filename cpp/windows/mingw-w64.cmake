# For `cmake --preset mingw`: Windows programs built on Debian, with g++-mingw-w64-x86-64-posix and libz-mingw-w64-dev.
# They run in Wine where that is installed.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
# Libraries and headers of this machine are not for Windows.
get_filename_component(DH_ADVISOR_WINDOWS_ROOT ${CMAKE_CURRENT_LIST_DIR}/../../build/windows-root ABSOLUTE)
# A program that uses the installed library names its folder with -DDH_ADVISOR_PREFIX.
set(CMAKE_FIND_ROOT_PATH ${DH_ADVISOR_PREFIX} ${DH_ADVISOR_WINDOWS_ROOT} /usr/x86_64-w64-mingw32)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# Programs and DLLs hold what they need of the compiler's libraries, zlib and OpenMP.
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_SHARED_LINKER_FLAGS_INIT -static)
set(ZLIB_LIBRARY /usr/x86_64-w64-mingw32/lib/libz.a CACHE FILEPATH "zlib")
execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgomp.a OUTPUT_VARIABLE dh_advisor_openmp
  OUTPUT_STRIP_TRAILING_WHITESPACE)
set(OpenMP_gomp_LIBRARY ${dh_advisor_openmp} CACHE FILEPATH "OpenMP")
# In an environment of its own, not in the user's.
find_program(DH_ADVISOR_WINE NAMES wine64 wine PATHS /usr/lib/wine)
if(DH_ADVISOR_WINE)
  get_filename_component(dh_advisor_wine_prefix ${CMAKE_CURRENT_LIST_DIR}/../../build/wine ABSOLUTE)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_COMMAND} -E env WINEPREFIX=${dh_advisor_wine_prefix} WINEDEBUG=-all
    WINEDLLOVERRIDES=mscoree,mshtml= ${DH_ADVISOR_WINE})
endif()
