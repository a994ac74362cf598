// Original file: proto/dh/advisor/v1/operator.proto


export interface ChangeOriginInit {
  'who'?: (string);
  'why'?: (string);
  'via'?: (string);
}

export interface ChangeOrigin {
  'who'?: (string);
  'why'?: (string);
  'via'?: (string);
}
