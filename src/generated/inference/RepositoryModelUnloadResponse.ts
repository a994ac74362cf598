// Original file: proto/inference/open_inference.proto


export interface RepositoryModelUnloadResponseInit {
}

export interface RepositoryModelUnloadResponse {
}
