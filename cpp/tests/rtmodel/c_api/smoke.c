/* Compiled as C, so that the header stays one. Returns 0 when a plan could be made. */
#include "rtmodel/rtmodel.h"

int rtmodel_c_smoke(const char* case_folder) {
  rtmodel_problem* problem = NULL;
  rtmodel_optimizer* optimizer = NULL;
  int status = rtmodel_OpenProblem(case_folder, NULL, &problem);
  if (status == RTMODEL_OK)
    status = rtmodel_CreateOptimizer(problem, RTMODEL_SOLVER_LBFGS, RTMODEL_COVARIANCE_FIXED, &optimizer);
  if (status == RTMODEL_OK) status = rtmodel_Optimize(optimizer, NULL, NULL);
  rtmodel_FreeOptimizer(optimizer);
  rtmodel_FreeProblem(problem);
  return status;
}
