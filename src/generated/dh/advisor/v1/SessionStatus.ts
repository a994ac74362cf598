// Original file: proto/dh/advisor/v1/operator.proto


export interface SessionStatusInit {
  'sessionId'?: (string);
  'client'?: (string);
  'configurationGeneration'?: (number);
  'level'?: (number);
  'stage'?: (number);
  'iteration'?: (number);
  'objective'?: (number | string);
  'ageSeconds'?: (number | string);
}

export interface SessionStatus {
  'sessionId'?: (string);
  'client'?: (string);
  'configurationGeneration'?: (number);
  'level'?: (number);
  'stage'?: (number);
  'iteration'?: (number);
  'objective'?: (number);
  'ageSeconds'?: (number);
}
