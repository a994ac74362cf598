// Original file: proto/inference/open_inference.proto


export interface ServerMetadataRequestInit {
}

export interface ServerMetadataRequest {
}
