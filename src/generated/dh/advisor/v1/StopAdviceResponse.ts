// Original file: proto/dh/advisor/v1/operator.proto


export interface StopAdviceResponseInit {
  'openSessions'?: (number);
}

export interface StopAdviceResponse {
  'openSessions'?: (number);
}
