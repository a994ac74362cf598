# Flags by compiler. Only warnings and what the sources need: optimization is the build type's.
option(DH_ADVISOR_WERROR "Warnings are errors" OFF)
set(DH_ADVISOR_WARNINGS)
if(MSVC)
  # Sources are UTF-8; Eigen's templates are many sections.
  add_compile_options(/utf-8 /permissive- /bigobj)
  set(DH_ADVISOR_WARNINGS /W4)
  if(DH_ADVISOR_WERROR)
    list(APPEND DH_ADVISOR_WARNINGS /WX)
  endif()
else()
  set(DH_ADVISOR_WARNINGS -Wall -Wextra)
  if(DH_ADVISOR_WERROR)
    list(APPEND DH_ADVISOR_WARNINGS -Werror)
  endif()
endif()
add_compile_options(${DH_ADVISOR_WARNINGS})

# The same bits on every machine of a kind: no product and sum in one instruction. MSVC fuses neither unless told to
# (/fp:precise since Visual Studio 2022, 17.0).
set(DH_ADVISOR_SAME_BITS $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-ffp-contract=off>)

# Generated code and libraries are not ours to warn about.
if(MSVC)
  set(DH_ADVISOR_NO_WARNINGS /w)
else()
  set(DH_ADVISOR_NO_WARNINGS -w)
endif()
if(WIN32)
  add_compile_definitions(NOMINMAX WIN32_LEAN_AND_MEAN _WIN32_WINNT=0x0A00)
endif()
if(MINGW)
  # As MSVC names it.
  set(CMAKE_SHARED_LIBRARY_PREFIX "")
endif()
