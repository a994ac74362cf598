// Original file: proto/dh/advisor/v1/plan.proto


export interface ProtocolVersionInit {
  'major'?: (number);
  'minor'?: (number);
}

export interface ProtocolVersion {
  'major'?: (number);
  'minor'?: (number);
}
