/* A program in C that was never told how the library is built. */
#include <dh_advisor/c_api.h>
#include <dh_advisor/c_checks.h>
#include <dh_advisor/c_gates.h>

int main(void) {
  dh_advisor_session* session = dh_advisor_open(NULL, NULL);
  const int code = dh_advisor_status_code(session);
  dh_advisor_close(session);
  return code == DH_ADVISOR_STATUS_INVALID_INPUT && dh_advisor_relative_density(0) == 1.0 &&
                 dh_advisor_check_gradient(NULL, NULL) == DH_ADVISOR_STATUS_INVALID_INPUT &&
                 dh_advisor_choose_start(2.0, 1.0) == DH_ADVISOR_VERDICT_ACCEPTED
             ? 0
             : 1;
}
