// Original file: proto/dh/advisor/v1/operator.proto


export interface ModelStatusInit {
  'id'?: (string);
  'version'?: (string);
  'labels'?: (string)[];
  'state'?: (string);
  'placement'?: (string);
  'costMs'?: (number | string);
  'reason'?: (string);
  '_costMs'?: "costMs";
}

export interface ModelStatus {
  'id'?: (string);
  'version'?: (string);
  'labels'?: (string)[];
  'state'?: (string);
  'placement'?: (string);
  'costMs'?: (number);
  'reason'?: (string);
}
