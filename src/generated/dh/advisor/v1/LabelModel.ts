// Original file: proto/dh/advisor/v1/operator.proto


export interface LabelModelInit {
  'model'?: (string);
  'label'?: (string);
  'version'?: (string);
}

export interface LabelModel {
  'model'?: (string);
  'label'?: (string);
  'version'?: (string);
}
