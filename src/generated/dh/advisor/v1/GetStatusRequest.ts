// Original file: /work/main/proto/dh/advisor/v1/operator.proto


export interface GetStatusRequestInit {
}

export interface GetStatusRequest {
}
