// Original file: proto/dh/advisor/v1/operator.proto

import type { PluginStatusInit as _dh_advisor_v1_PluginStatusInit, PluginStatus as _dh_advisor_v1_PluginStatus } from '../../../dh/advisor/v1/PluginStatus.js';

export interface ListPluginsResponseInit {
  'plugins'?: (_dh_advisor_v1_PluginStatusInit)[];
}

export interface ListPluginsResponse {
  'plugins'?: (_dh_advisor_v1_PluginStatus)[];
}
