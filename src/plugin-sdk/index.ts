/** The public surface for plugin authors. Nothing else of this project may be imported by a plugin. */
export { z } from 'zod';
export type * from './advice.js';
export { flatWeight } from './flat-start.js';
export { type Manifest, manifestSchema, SDK_VERSION } from './manifest.js';
export { halved, restrictToLevel } from './models/coarse-levels.js';
export {
  BEAM_FEATURES,
  beamGrid,
  PLAN_INPUT_TENSORS,
  PLAN_INPUTS,
  type PlanInput,
  packModelInputs,
  STRUCTURE_FEATURES,
  toFloat32,
} from './models/model-inputs.js';
export {
  checkWeightCeiling,
  type ExpectedModel,
  oodScore,
  openModel,
  outputOf,
} from './models/open-model.js';
export * from './plan-view.js';
export {
  definePlugin,
  isPluginDefinition,
  type PluginContext,
  type PluginDefinition,
  type RolePlugin,
} from './plugin-definition.js';
export {
  InvalidInput,
  ModelUnavailable,
  NotApplicable,
  PluginError,
  type PluginErrorPolicy,
  RetryLater,
} from './plugin-error.js';
export { ROLES, type Role } from './role.js';
export type * from './role-session.js';
export {
  type Clock,
  type Inference,
  type InferenceHandle,
  type Logger,
  type ModelIdentity,
  type ModelSignature,
  type ModelTensor,
  type ModelTensors,
  type RandomSource,
  type RandomStream,
  type Requires,
  type ServicesOf,
  type ServiceToken,
  services,
  type TensorSignature,
} from './services.js';
export type * from './session-view.js';
export {
  type ReadonlyVector,
  TENSOR_KINDS,
  type Tensor,
  type TensorKind,
  type Tensors,
  type Volume,
  type VolumeKind,
  type WantedTensor,
} from './tensor.js';
