// Original file: proto/dh/advisor/v1/operator.proto


export interface ListSessionsRequestInit {
}

export interface ListSessionsRequest {
}
