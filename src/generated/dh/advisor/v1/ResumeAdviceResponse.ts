// Original file: proto/dh/advisor/v1/operator.proto


export interface ResumeAdviceResponseInit {
  'openSessions'?: (number);
}

export interface ResumeAdviceResponse {
  'openSessions'?: (number);
}
