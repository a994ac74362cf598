// Original file: proto/dh/advisor/v1/operator.proto


export interface GetStatusRequestInit {
}

export interface GetStatusRequest {
}
