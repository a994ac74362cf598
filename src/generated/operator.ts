import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AcceptedInit as _dh_advisor_v1_AcceptedInit, Accepted as _dh_advisor_v1_Accepted } from './dh/advisor/v1/Accepted.js';
import type { AdaptiveVarianceAdviceInit as _dh_advisor_v1_AdaptiveVarianceAdviceInit, AdaptiveVarianceAdvice as _dh_advisor_v1_AdaptiveVarianceAdvice } from './dh/advisor/v1/AdaptiveVarianceAdvice.js';
import type { AdviceHeaderInit as _dh_advisor_v1_AdviceHeaderInit, AdviceHeader as _dh_advisor_v1_AdviceHeader } from './dh/advisor/v1/AdviceHeader.js';
import type { AdviceReceiptInit as _dh_advisor_v1_AdviceReceiptInit, AdviceReceipt as _dh_advisor_v1_AdviceReceipt } from './dh/advisor/v1/AdviceReceipt.js';
import type { AdviceStopInit as _dh_advisor_v1_AdviceStopInit, AdviceStop as _dh_advisor_v1_AdviceStop } from './dh/advisor/v1/AdviceStop.js';
import type { BeamInit as _dh_advisor_v1_BeamInit, Beam as _dh_advisor_v1_Beam } from './dh/advisor/v1/Beam.js';
import type { ChangeConfigurationRequestInit as _dh_advisor_v1_ChangeConfigurationRequestInit, ChangeConfigurationRequest as _dh_advisor_v1_ChangeConfigurationRequest } from './dh/advisor/v1/ChangeConfigurationRequest.js';
import type { ChangeConfigurationResponseInit as _dh_advisor_v1_ChangeConfigurationResponseInit, ChangeConfigurationResponse as _dh_advisor_v1_ChangeConfigurationResponse } from './dh/advisor/v1/ChangeConfigurationResponse.js';
import type { ChangeOriginInit as _dh_advisor_v1_ChangeOriginInit, ChangeOrigin as _dh_advisor_v1_ChangeOrigin } from './dh/advisor/v1/ChangeOrigin.js';
import type { DisableRoleInit as _dh_advisor_v1_DisableRoleInit, DisableRole as _dh_advisor_v1_DisableRole } from './dh/advisor/v1/DisableRole.js';
import type { DoseMetricInit as _dh_advisor_v1_DoseMetricInit, DoseMetric as _dh_advisor_v1_DoseMetric } from './dh/advisor/v1/DoseMetric.js';
import type { DoseSliceInit as _dh_advisor_v1_DoseSliceInit, DoseSlice as _dh_advisor_v1_DoseSlice } from './dh/advisor/v1/DoseSlice.js';
import type { DoseVolumeCurveInit as _dh_advisor_v1_DoseVolumeCurveInit, DoseVolumeCurve as _dh_advisor_v1_DoseVolumeCurve } from './dh/advisor/v1/DoseVolumeCurve.js';
import type { DoseVolumePointInit as _dh_advisor_v1_DoseVolumePointInit, DoseVolumePoint as _dh_advisor_v1_DoseVolumePoint } from './dh/advisor/v1/DoseVolumePoint.js';
import type { EarlyStoppingAdviceInit as _dh_advisor_v1_EarlyStoppingAdviceInit, EarlyStoppingAdvice as _dh_advisor_v1_EarlyStoppingAdvice } from './dh/advisor/v1/EarlyStoppingAdvice.js';
import type { EnableRoleInit as _dh_advisor_v1_EnableRoleInit, EnableRole as _dh_advisor_v1_EnableRole } from './dh/advisor/v1/EnableRole.js';
import type { GenerationInit as _dh_advisor_v1_GenerationInit, Generation as _dh_advisor_v1_Generation } from './dh/advisor/v1/Generation.js';
import type { GeometryInit as _dh_advisor_v1_GeometryInit, Geometry as _dh_advisor_v1_Geometry } from './dh/advisor/v1/Geometry.js';
import type { GeometryAdviceInit as _dh_advisor_v1_GeometryAdviceInit, GeometryAdvice as _dh_advisor_v1_GeometryAdvice } from './dh/advisor/v1/GeometryAdvice.js';
import type { GetGenerationRequestInit as _dh_advisor_v1_GetGenerationRequestInit, GetGenerationRequest as _dh_advisor_v1_GetGenerationRequest } from './dh/advisor/v1/GetGenerationRequest.js';
import type { GetGenerationResponseInit as _dh_advisor_v1_GetGenerationResponseInit, GetGenerationResponse as _dh_advisor_v1_GetGenerationResponse } from './dh/advisor/v1/GetGenerationResponse.js';
import type { GetStatusRequestInit as _dh_advisor_v1_GetStatusRequestInit, GetStatusRequest as _dh_advisor_v1_GetStatusRequest } from './dh/advisor/v1/GetStatusRequest.js';
import type { GetStatusResponseInit as _dh_advisor_v1_GetStatusResponseInit, GetStatusResponse as _dh_advisor_v1_GetStatusResponse } from './dh/advisor/v1/GetStatusResponse.js';
import type { HistogramSigmaAdviceInit as _dh_advisor_v1_HistogramSigmaAdviceInit, HistogramSigmaAdvice as _dh_advisor_v1_HistogramSigmaAdvice } from './dh/advisor/v1/HistogramSigmaAdvice.js';
import type { InitializationAdviceInit as _dh_advisor_v1_InitializationAdviceInit, InitializationAdvice as _dh_advisor_v1_InitializationAdvice } from './dh/advisor/v1/InitializationAdvice.js';
import type { IterationInit as _dh_advisor_v1_IterationInit, Iteration as _dh_advisor_v1_Iteration } from './dh/advisor/v1/Iteration.js';
import type { IterationAdviceInit as _dh_advisor_v1_IterationAdviceInit, IterationAdvice as _dh_advisor_v1_IterationAdvice } from './dh/advisor/v1/IterationAdvice.js';
import type { LabelModelInit as _dh_advisor_v1_LabelModelInit, LabelModel as _dh_advisor_v1_LabelModel } from './dh/advisor/v1/LabelModel.js';
import type { LevelAdviceInit as _dh_advisor_v1_LevelAdviceInit, LevelAdvice as _dh_advisor_v1_LevelAdvice } from './dh/advisor/v1/LevelAdvice.js';
import type { LevelEndInit as _dh_advisor_v1_LevelEndInit, LevelEnd as _dh_advisor_v1_LevelEnd } from './dh/advisor/v1/LevelEnd.js';
import type { LevelPlanInit as _dh_advisor_v1_LevelPlanInit, LevelPlan as _dh_advisor_v1_LevelPlan } from './dh/advisor/v1/LevelPlan.js';
import type { LevelStartInit as _dh_advisor_v1_LevelStartInit, LevelStart as _dh_advisor_v1_LevelStart } from './dh/advisor/v1/LevelStart.js';
import type { ListGenerationsRequestInit as _dh_advisor_v1_ListGenerationsRequestInit, ListGenerationsRequest as _dh_advisor_v1_ListGenerationsRequest } from './dh/advisor/v1/ListGenerationsRequest.js';
import type { ListGenerationsResponseInit as _dh_advisor_v1_ListGenerationsResponseInit, ListGenerationsResponse as _dh_advisor_v1_ListGenerationsResponse } from './dh/advisor/v1/ListGenerationsResponse.js';
import type { ListModelsRequestInit as _dh_advisor_v1_ListModelsRequestInit, ListModelsRequest as _dh_advisor_v1_ListModelsRequest } from './dh/advisor/v1/ListModelsRequest.js';
import type { ListModelsResponseInit as _dh_advisor_v1_ListModelsResponseInit, ListModelsResponse as _dh_advisor_v1_ListModelsResponse } from './dh/advisor/v1/ListModelsResponse.js';
import type { ListPluginsRequestInit as _dh_advisor_v1_ListPluginsRequestInit, ListPluginsRequest as _dh_advisor_v1_ListPluginsRequest } from './dh/advisor/v1/ListPluginsRequest.js';
import type { ListPluginsResponseInit as _dh_advisor_v1_ListPluginsResponseInit, ListPluginsResponse as _dh_advisor_v1_ListPluginsResponse } from './dh/advisor/v1/ListPluginsResponse.js';
import type { ListSessionsRequestInit as _dh_advisor_v1_ListSessionsRequestInit, ListSessionsRequest as _dh_advisor_v1_ListSessionsRequest } from './dh/advisor/v1/ListSessionsRequest.js';
import type { ListSessionsResponseInit as _dh_advisor_v1_ListSessionsResponseInit, ListSessionsResponse as _dh_advisor_v1_ListSessionsResponse } from './dh/advisor/v1/ListSessionsResponse.js';
import type { ModelStatusInit as _dh_advisor_v1_ModelStatusInit, ModelStatus as _dh_advisor_v1_ModelStatus } from './dh/advisor/v1/ModelStatus.js';
import type { NamedTensorInit as _dh_advisor_v1_NamedTensorInit, NamedTensor as _dh_advisor_v1_NamedTensor } from './dh/advisor/v1/NamedTensor.js';
import type { NoticeInit as _dh_advisor_v1_NoticeInit, Notice as _dh_advisor_v1_Notice } from './dh/advisor/v1/Notice.js';
import type { OperatorServiceClient as _dh_advisor_v1_OperatorServiceClient, OperatorServiceDefinition as _dh_advisor_v1_OperatorServiceDefinition } from './dh/advisor/v1/OperatorService.js';
import type { OutcomeCountInit as _dh_advisor_v1_OutcomeCountInit, OutcomeCount as _dh_advisor_v1_OutcomeCount } from './dh/advisor/v1/OutcomeCount.js';
import type { PlanFinishInit as _dh_advisor_v1_PlanFinishInit, PlanFinish as _dh_advisor_v1_PlanFinish } from './dh/advisor/v1/PlanFinish.js';
import type { PlanStartInit as _dh_advisor_v1_PlanStartInit, PlanStart as _dh_advisor_v1_PlanStart } from './dh/advisor/v1/PlanStart.js';
import type { PluginStatusInit as _dh_advisor_v1_PluginStatusInit, PluginStatus as _dh_advisor_v1_PluginStatus } from './dh/advisor/v1/PluginStatus.js';
import type { PromoteExperimentRequestInit as _dh_advisor_v1_PromoteExperimentRequestInit, PromoteExperimentRequest as _dh_advisor_v1_PromoteExperimentRequest } from './dh/advisor/v1/PromoteExperimentRequest.js';
import type { PromoteExperimentResponseInit as _dh_advisor_v1_PromoteExperimentResponseInit, PromoteExperimentResponse as _dh_advisor_v1_PromoteExperimentResponse } from './dh/advisor/v1/PromoteExperimentResponse.js';
import type { ProtocolVersionInit as _dh_advisor_v1_ProtocolVersionInit, ProtocolVersion as _dh_advisor_v1_ProtocolVersion } from './dh/advisor/v1/ProtocolVersion.js';
import type { ProvenanceInit as _dh_advisor_v1_ProvenanceInit, Provenance as _dh_advisor_v1_Provenance } from './dh/advisor/v1/Provenance.js';
import type { PyramidSigmaAdviceInit as _dh_advisor_v1_PyramidSigmaAdviceInit, PyramidSigmaAdvice as _dh_advisor_v1_PyramidSigmaAdvice } from './dh/advisor/v1/PyramidSigmaAdvice.js';
import type { RefusedChangeInit as _dh_advisor_v1_RefusedChangeInit, RefusedChange as _dh_advisor_v1_RefusedChange } from './dh/advisor/v1/RefusedChange.js';
import type { ReleaseExperimentRequestInit as _dh_advisor_v1_ReleaseExperimentRequestInit, ReleaseExperimentRequest as _dh_advisor_v1_ReleaseExperimentRequest } from './dh/advisor/v1/ReleaseExperimentRequest.js';
import type { ReleaseExperimentResponseInit as _dh_advisor_v1_ReleaseExperimentResponseInit, ReleaseExperimentResponse as _dh_advisor_v1_ReleaseExperimentResponse } from './dh/advisor/v1/ReleaseExperimentResponse.js';
import type { ReloadConfigurationInit as _dh_advisor_v1_ReloadConfigurationInit, ReloadConfiguration as _dh_advisor_v1_ReloadConfiguration } from './dh/advisor/v1/ReloadConfiguration.js';
import type { ResumeAdviceRequestInit as _dh_advisor_v1_ResumeAdviceRequestInit, ResumeAdviceRequest as _dh_advisor_v1_ResumeAdviceRequest } from './dh/advisor/v1/ResumeAdviceRequest.js';
import type { ResumeAdviceResponseInit as _dh_advisor_v1_ResumeAdviceResponseInit, ResumeAdviceResponse as _dh_advisor_v1_ResumeAdviceResponse } from './dh/advisor/v1/ResumeAdviceResponse.js';
import type { RoleBindingInit as _dh_advisor_v1_RoleBindingInit, RoleBinding as _dh_advisor_v1_RoleBinding } from './dh/advisor/v1/RoleBinding.js';
import type { RoleStatusInit as _dh_advisor_v1_RoleStatusInit, RoleStatus as _dh_advisor_v1_RoleStatus } from './dh/advisor/v1/RoleStatus.js';
import type { RollBackConfigurationInit as _dh_advisor_v1_RollBackConfigurationInit, RollBackConfiguration as _dh_advisor_v1_RollBackConfiguration } from './dh/advisor/v1/RollBackConfiguration.js';
import type { SelfCheckInit as _dh_advisor_v1_SelfCheckInit, SelfCheck as _dh_advisor_v1_SelfCheck } from './dh/advisor/v1/SelfCheck.js';
import type { SessionStatusInit as _dh_advisor_v1_SessionStatusInit, SessionStatus as _dh_advisor_v1_SessionStatus } from './dh/advisor/v1/SessionStatus.js';
import type { SettingDifferenceInit as _dh_advisor_v1_SettingDifferenceInit, SettingDifference as _dh_advisor_v1_SettingDifference } from './dh/advisor/v1/SettingDifference.js';
import type { StageInit as _dh_advisor_v1_StageInit, Stage as _dh_advisor_v1_Stage } from './dh/advisor/v1/Stage.js';
import type { StepDirectionAdviceInit as _dh_advisor_v1_StepDirectionAdviceInit, StepDirectionAdvice as _dh_advisor_v1_StepDirectionAdvice } from './dh/advisor/v1/StepDirectionAdvice.js';
import type { StopAdviceRequestInit as _dh_advisor_v1_StopAdviceRequestInit, StopAdviceRequest as _dh_advisor_v1_StopAdviceRequest } from './dh/advisor/v1/StopAdviceRequest.js';
import type { StopAdviceResponseInit as _dh_advisor_v1_StopAdviceResponseInit, StopAdviceResponse as _dh_advisor_v1_StopAdviceResponse } from './dh/advisor/v1/StopAdviceResponse.js';
import type { StructureInit as _dh_advisor_v1_StructureInit, Structure as _dh_advisor_v1_Structure } from './dh/advisor/v1/Structure.js';
import type { StructureGeometryInit as _dh_advisor_v1_StructureGeometryInit, StructureGeometry as _dh_advisor_v1_StructureGeometry } from './dh/advisor/v1/StructureGeometry.js';
import type { StructureSigmaInit as _dh_advisor_v1_StructureSigmaInit, StructureSigma as _dh_advisor_v1_StructureSigma } from './dh/advisor/v1/StructureSigma.js';
import type { SummaryInit as _dh_advisor_v1_SummaryInit, Summary as _dh_advisor_v1_Summary } from './dh/advisor/v1/Summary.js';
import type { TensorInit as _dh_advisor_v1_TensorInit, Tensor as _dh_advisor_v1_Tensor } from './dh/advisor/v1/Tensor.js';
import type { UnadvisedPlanInit as _dh_advisor_v1_UnadvisedPlanInit, UnadvisedPlan as _dh_advisor_v1_UnadvisedPlan } from './dh/advisor/v1/UnadvisedPlan.js';
import type { UsePluginInit as _dh_advisor_v1_UsePluginInit, UsePlugin as _dh_advisor_v1_UsePlugin } from './dh/advisor/v1/UsePlugin.js';
import type { VerdictCountInit as _dh_advisor_v1_VerdictCountInit, VerdictCount as _dh_advisor_v1_VerdictCount } from './dh/advisor/v1/VerdictCount.js';
import type { VolumeChunkInit as _dh_advisor_v1_VolumeChunkInit, VolumeChunk as _dh_advisor_v1_VolumeChunk } from './dh/advisor/v1/VolumeChunk.js';
import type { WantedTensorInit as _dh_advisor_v1_WantedTensorInit, WantedTensor as _dh_advisor_v1_WantedTensor } from './dh/advisor/v1/WantedTensor.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  dh: {
    advisor: {
      v1: {
        Accepted: MessageTypeDefinition<_dh_advisor_v1_AcceptedInit, _dh_advisor_v1_Accepted>
        AdaptiveVarianceAdvice: MessageTypeDefinition<_dh_advisor_v1_AdaptiveVarianceAdviceInit, _dh_advisor_v1_AdaptiveVarianceAdvice>
        AdviceHeader: MessageTypeDefinition<_dh_advisor_v1_AdviceHeaderInit, _dh_advisor_v1_AdviceHeader>
        AdviceMode: EnumTypeDefinition
        AdviceReceipt: MessageTypeDefinition<_dh_advisor_v1_AdviceReceiptInit, _dh_advisor_v1_AdviceReceipt>
        AdviceStop: MessageTypeDefinition<_dh_advisor_v1_AdviceStopInit, _dh_advisor_v1_AdviceStop>
        Beam: MessageTypeDefinition<_dh_advisor_v1_BeamInit, _dh_advisor_v1_Beam>
        ChangeConfigurationRequest: MessageTypeDefinition<_dh_advisor_v1_ChangeConfigurationRequestInit, _dh_advisor_v1_ChangeConfigurationRequest>
        ChangeConfigurationResponse: MessageTypeDefinition<_dh_advisor_v1_ChangeConfigurationResponseInit, _dh_advisor_v1_ChangeConfigurationResponse>
        ChangeOrigin: MessageTypeDefinition<_dh_advisor_v1_ChangeOriginInit, _dh_advisor_v1_ChangeOrigin>
        DataType: EnumTypeDefinition
        DirectionSpace: EnumTypeDefinition
        DisableRole: MessageTypeDefinition<_dh_advisor_v1_DisableRoleInit, _dh_advisor_v1_DisableRole>
        DoseMetric: MessageTypeDefinition<_dh_advisor_v1_DoseMetricInit, _dh_advisor_v1_DoseMetric>
        DoseSlice: MessageTypeDefinition<_dh_advisor_v1_DoseSliceInit, _dh_advisor_v1_DoseSlice>
        DoseVolumeCurve: MessageTypeDefinition<_dh_advisor_v1_DoseVolumeCurveInit, _dh_advisor_v1_DoseVolumeCurve>
        DoseVolumePoint: MessageTypeDefinition<_dh_advisor_v1_DoseVolumePointInit, _dh_advisor_v1_DoseVolumePoint>
        EarlyStoppingAdvice: MessageTypeDefinition<_dh_advisor_v1_EarlyStoppingAdviceInit, _dh_advisor_v1_EarlyStoppingAdvice>
        EnableRole: MessageTypeDefinition<_dh_advisor_v1_EnableRoleInit, _dh_advisor_v1_EnableRole>
        Generation: MessageTypeDefinition<_dh_advisor_v1_GenerationInit, _dh_advisor_v1_Generation>
        Geometry: MessageTypeDefinition<_dh_advisor_v1_GeometryInit, _dh_advisor_v1_Geometry>
        GeometryAdvice: MessageTypeDefinition<_dh_advisor_v1_GeometryAdviceInit, _dh_advisor_v1_GeometryAdvice>
        GetGenerationRequest: MessageTypeDefinition<_dh_advisor_v1_GetGenerationRequestInit, _dh_advisor_v1_GetGenerationRequest>
        GetGenerationResponse: MessageTypeDefinition<_dh_advisor_v1_GetGenerationResponseInit, _dh_advisor_v1_GetGenerationResponse>
        GetStatusRequest: MessageTypeDefinition<_dh_advisor_v1_GetStatusRequestInit, _dh_advisor_v1_GetStatusRequest>
        GetStatusResponse: MessageTypeDefinition<_dh_advisor_v1_GetStatusResponseInit, _dh_advisor_v1_GetStatusResponse>
        HistogramSigmaAdvice: MessageTypeDefinition<_dh_advisor_v1_HistogramSigmaAdviceInit, _dh_advisor_v1_HistogramSigmaAdvice>
        InitializationAdvice: MessageTypeDefinition<_dh_advisor_v1_InitializationAdviceInit, _dh_advisor_v1_InitializationAdvice>
        Iteration: MessageTypeDefinition<_dh_advisor_v1_IterationInit, _dh_advisor_v1_Iteration>
        IterationAdvice: MessageTypeDefinition<_dh_advisor_v1_IterationAdviceInit, _dh_advisor_v1_IterationAdvice>
        LabelModel: MessageTypeDefinition<_dh_advisor_v1_LabelModelInit, _dh_advisor_v1_LabelModel>
        LevelAdvice: MessageTypeDefinition<_dh_advisor_v1_LevelAdviceInit, _dh_advisor_v1_LevelAdvice>
        LevelEnd: MessageTypeDefinition<_dh_advisor_v1_LevelEndInit, _dh_advisor_v1_LevelEnd>
        LevelPlan: MessageTypeDefinition<_dh_advisor_v1_LevelPlanInit, _dh_advisor_v1_LevelPlan>
        LevelStart: MessageTypeDefinition<_dh_advisor_v1_LevelStartInit, _dh_advisor_v1_LevelStart>
        ListGenerationsRequest: MessageTypeDefinition<_dh_advisor_v1_ListGenerationsRequestInit, _dh_advisor_v1_ListGenerationsRequest>
        ListGenerationsResponse: MessageTypeDefinition<_dh_advisor_v1_ListGenerationsResponseInit, _dh_advisor_v1_ListGenerationsResponse>
        ListModelsRequest: MessageTypeDefinition<_dh_advisor_v1_ListModelsRequestInit, _dh_advisor_v1_ListModelsRequest>
        ListModelsResponse: MessageTypeDefinition<_dh_advisor_v1_ListModelsResponseInit, _dh_advisor_v1_ListModelsResponse>
        ListPluginsRequest: MessageTypeDefinition<_dh_advisor_v1_ListPluginsRequestInit, _dh_advisor_v1_ListPluginsRequest>
        ListPluginsResponse: MessageTypeDefinition<_dh_advisor_v1_ListPluginsResponseInit, _dh_advisor_v1_ListPluginsResponse>
        ListSessionsRequest: MessageTypeDefinition<_dh_advisor_v1_ListSessionsRequestInit, _dh_advisor_v1_ListSessionsRequest>
        ListSessionsResponse: MessageTypeDefinition<_dh_advisor_v1_ListSessionsResponseInit, _dh_advisor_v1_ListSessionsResponse>
        ModelStatus: MessageTypeDefinition<_dh_advisor_v1_ModelStatusInit, _dh_advisor_v1_ModelStatus>
        NamedTensor: MessageTypeDefinition<_dh_advisor_v1_NamedTensorInit, _dh_advisor_v1_NamedTensor>
        Notice: MessageTypeDefinition<_dh_advisor_v1_NoticeInit, _dh_advisor_v1_Notice>
        NoticeKind: EnumTypeDefinition
        OperatorService: SubtypeConstructor<typeof grpc.Client, _dh_advisor_v1_OperatorServiceClient> & { service: _dh_advisor_v1_OperatorServiceDefinition }
        Outcome: EnumTypeDefinition
        OutcomeCount: MessageTypeDefinition<_dh_advisor_v1_OutcomeCountInit, _dh_advisor_v1_OutcomeCount>
        PlanFinish: MessageTypeDefinition<_dh_advisor_v1_PlanFinishInit, _dh_advisor_v1_PlanFinish>
        PlanStart: MessageTypeDefinition<_dh_advisor_v1_PlanStartInit, _dh_advisor_v1_PlanStart>
        Plane: EnumTypeDefinition
        PluginStatus: MessageTypeDefinition<_dh_advisor_v1_PluginStatusInit, _dh_advisor_v1_PluginStatus>
        PromoteExperimentRequest: MessageTypeDefinition<_dh_advisor_v1_PromoteExperimentRequestInit, _dh_advisor_v1_PromoteExperimentRequest>
        PromoteExperimentResponse: MessageTypeDefinition<_dh_advisor_v1_PromoteExperimentResponseInit, _dh_advisor_v1_PromoteExperimentResponse>
        ProtocolVersion: MessageTypeDefinition<_dh_advisor_v1_ProtocolVersionInit, _dh_advisor_v1_ProtocolVersion>
        Provenance: MessageTypeDefinition<_dh_advisor_v1_ProvenanceInit, _dh_advisor_v1_Provenance>
        PyramidSigmaAdvice: MessageTypeDefinition<_dh_advisor_v1_PyramidSigmaAdviceInit, _dh_advisor_v1_PyramidSigmaAdvice>
        Quality: EnumTypeDefinition
        RefusedChange: MessageTypeDefinition<_dh_advisor_v1_RefusedChangeInit, _dh_advisor_v1_RefusedChange>
        ReleaseExperimentRequest: MessageTypeDefinition<_dh_advisor_v1_ReleaseExperimentRequestInit, _dh_advisor_v1_ReleaseExperimentRequest>
        ReleaseExperimentResponse: MessageTypeDefinition<_dh_advisor_v1_ReleaseExperimentResponseInit, _dh_advisor_v1_ReleaseExperimentResponse>
        ReloadConfiguration: MessageTypeDefinition<_dh_advisor_v1_ReloadConfigurationInit, _dh_advisor_v1_ReloadConfiguration>
        ResumeAdviceRequest: MessageTypeDefinition<_dh_advisor_v1_ResumeAdviceRequestInit, _dh_advisor_v1_ResumeAdviceRequest>
        ResumeAdviceResponse: MessageTypeDefinition<_dh_advisor_v1_ResumeAdviceResponseInit, _dh_advisor_v1_ResumeAdviceResponse>
        Role: EnumTypeDefinition
        RoleBinding: MessageTypeDefinition<_dh_advisor_v1_RoleBindingInit, _dh_advisor_v1_RoleBinding>
        RoleStatus: MessageTypeDefinition<_dh_advisor_v1_RoleStatusInit, _dh_advisor_v1_RoleStatus>
        RollBackConfiguration: MessageTypeDefinition<_dh_advisor_v1_RollBackConfigurationInit, _dh_advisor_v1_RollBackConfiguration>
        SelfCheck: MessageTypeDefinition<_dh_advisor_v1_SelfCheckInit, _dh_advisor_v1_SelfCheck>
        SelfCheckOutcome: EnumTypeDefinition
        SessionStatus: MessageTypeDefinition<_dh_advisor_v1_SessionStatusInit, _dh_advisor_v1_SessionStatus>
        SettingDifference: MessageTypeDefinition<_dh_advisor_v1_SettingDifferenceInit, _dh_advisor_v1_SettingDifference>
        Solver: EnumTypeDefinition
        Stage: MessageTypeDefinition<_dh_advisor_v1_StageInit, _dh_advisor_v1_Stage>
        StepDirectionAdvice: MessageTypeDefinition<_dh_advisor_v1_StepDirectionAdviceInit, _dh_advisor_v1_StepDirectionAdvice>
        StopAdviceRequest: MessageTypeDefinition<_dh_advisor_v1_StopAdviceRequestInit, _dh_advisor_v1_StopAdviceRequest>
        StopAdviceResponse: MessageTypeDefinition<_dh_advisor_v1_StopAdviceResponseInit, _dh_advisor_v1_StopAdviceResponse>
        StopDecision: EnumTypeDefinition
        StopReason: EnumTypeDefinition
        Structure: MessageTypeDefinition<_dh_advisor_v1_StructureInit, _dh_advisor_v1_Structure>
        StructureGeometry: MessageTypeDefinition<_dh_advisor_v1_StructureGeometryInit, _dh_advisor_v1_StructureGeometry>
        StructureRole: EnumTypeDefinition
        StructureSigma: MessageTypeDefinition<_dh_advisor_v1_StructureSigmaInit, _dh_advisor_v1_StructureSigma>
        Summary: MessageTypeDefinition<_dh_advisor_v1_SummaryInit, _dh_advisor_v1_Summary>
        Tensor: MessageTypeDefinition<_dh_advisor_v1_TensorInit, _dh_advisor_v1_Tensor>
        TensorKind: EnumTypeDefinition
        UnadvisedPlan: MessageTypeDefinition<_dh_advisor_v1_UnadvisedPlanInit, _dh_advisor_v1_UnadvisedPlan>
        UsePlugin: MessageTypeDefinition<_dh_advisor_v1_UsePluginInit, _dh_advisor_v1_UsePlugin>
        Verdict: EnumTypeDefinition
        VerdictCount: MessageTypeDefinition<_dh_advisor_v1_VerdictCountInit, _dh_advisor_v1_VerdictCount>
        VolumeChunk: MessageTypeDefinition<_dh_advisor_v1_VolumeChunkInit, _dh_advisor_v1_VolumeChunk>
        WantedTensor: MessageTypeDefinition<_dh_advisor_v1_WantedTensorInit, _dh_advisor_v1_WantedTensor>
      }
    }
  }
}

