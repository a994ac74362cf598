/* A program in C that has rtmodel.dll and its header alone: a fault comes back as a sentence. */
#include <rtmodel/rtmodel.h>
#include <string.h>

int main(void) {
  rtmodel_problem* problem = NULL;
  const int status = rtmodel_OpenProblem("no-such-folder", NULL, &problem);
  const char* why = rtmodel_LastError();
  return status == RTMODEL_BAD_INPUT && problem == NULL && strstr(why, "no-such-folder") != NULL &&
                 strlen(rtmodel_Version()) > 0
             ? 0
             : 1;
}
