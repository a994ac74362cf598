// Original file: proto/dh/advisor/v1/operator.proto

import type { EnableRoleInit as _dh_advisor_v1_EnableRoleInit, EnableRole as _dh_advisor_v1_EnableRole } from '../../../dh/advisor/v1/EnableRole.js';
import type { DisableRoleInit as _dh_advisor_v1_DisableRoleInit, DisableRole as _dh_advisor_v1_DisableRole } from '../../../dh/advisor/v1/DisableRole.js';
import type { UsePluginInit as _dh_advisor_v1_UsePluginInit, UsePlugin as _dh_advisor_v1_UsePlugin } from '../../../dh/advisor/v1/UsePlugin.js';
import type { LabelModelInit as _dh_advisor_v1_LabelModelInit, LabelModel as _dh_advisor_v1_LabelModel } from '../../../dh/advisor/v1/LabelModel.js';
import type { ReloadConfigurationInit as _dh_advisor_v1_ReloadConfigurationInit, ReloadConfiguration as _dh_advisor_v1_ReloadConfiguration } from '../../../dh/advisor/v1/ReloadConfiguration.js';
import type { RollBackConfigurationInit as _dh_advisor_v1_RollBackConfigurationInit, RollBackConfiguration as _dh_advisor_v1_RollBackConfiguration } from '../../../dh/advisor/v1/RollBackConfiguration.js';
import type { ChangeOriginInit as _dh_advisor_v1_ChangeOriginInit, ChangeOrigin as _dh_advisor_v1_ChangeOrigin } from '../../../dh/advisor/v1/ChangeOrigin.js';

export interface ChangeConfigurationRequestInit {
  'enable'?: (_dh_advisor_v1_EnableRoleInit | null);
  'disable'?: (_dh_advisor_v1_DisableRoleInit | null);
  'use'?: (_dh_advisor_v1_UsePluginInit | null);
  'label'?: (_dh_advisor_v1_LabelModelInit | null);
  'reload'?: (_dh_advisor_v1_ReloadConfigurationInit | null);
  'rollBack'?: (_dh_advisor_v1_RollBackConfigurationInit | null);
  'origin'?: (_dh_advisor_v1_ChangeOriginInit | null);
  'isDryRun'?: (boolean);
  'expectedGeneration'?: (number);
  'change'?: "enable"|"disable"|"use"|"label"|"reload"|"rollBack";
  '_expectedGeneration'?: "expectedGeneration";
}

export interface ChangeConfigurationRequest {
  'enable'?: (_dh_advisor_v1_EnableRole);
  'disable'?: (_dh_advisor_v1_DisableRole);
  'use'?: (_dh_advisor_v1_UsePlugin);
  'label'?: (_dh_advisor_v1_LabelModel);
  'reload'?: (_dh_advisor_v1_ReloadConfiguration);
  'rollBack'?: (_dh_advisor_v1_RollBackConfiguration);
  'origin'?: (_dh_advisor_v1_ChangeOrigin);
  'isDryRun'?: (boolean);
  'expectedGeneration'?: (number);
}
