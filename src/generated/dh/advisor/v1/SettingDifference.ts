// Original file: proto/dh/advisor/v1/operator.proto


export interface SettingDifferenceInit {
  'path'?: (string);
  'beforeJson'?: (string);
  'afterJson'?: (string);
  '_beforeJson'?: "beforeJson";
  '_afterJson'?: "afterJson";
}

export interface SettingDifference {
  'path'?: (string);
  'beforeJson'?: (string);
  'afterJson'?: (string);
}
