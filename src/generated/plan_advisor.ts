import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AcceptedInit as _dh_advisor_v1_AcceptedInit, Accepted as _dh_advisor_v1_Accepted } from './dh/advisor/v1/Accepted.js';
import type { AdaptiveVarianceAdviceInit as _dh_advisor_v1_AdaptiveVarianceAdviceInit, AdaptiveVarianceAdvice as _dh_advisor_v1_AdaptiveVarianceAdvice } from './dh/advisor/v1/AdaptiveVarianceAdvice.js';
import type { AdviceHeaderInit as _dh_advisor_v1_AdviceHeaderInit, AdviceHeader as _dh_advisor_v1_AdviceHeader } from './dh/advisor/v1/AdviceHeader.js';
import type { AdviceReceiptInit as _dh_advisor_v1_AdviceReceiptInit, AdviceReceipt as _dh_advisor_v1_AdviceReceipt } from './dh/advisor/v1/AdviceReceipt.js';
import type { AdvisorEventInit as _dh_advisor_v1_AdvisorEventInit, AdvisorEvent as _dh_advisor_v1_AdvisorEvent } from './dh/advisor/v1/AdvisorEvent.js';
import type { BeamInit as _dh_advisor_v1_BeamInit, Beam as _dh_advisor_v1_Beam } from './dh/advisor/v1/Beam.js';
import type { DoseMetricInit as _dh_advisor_v1_DoseMetricInit, DoseMetric as _dh_advisor_v1_DoseMetric } from './dh/advisor/v1/DoseMetric.js';
import type { DoseSliceInit as _dh_advisor_v1_DoseSliceInit, DoseSlice as _dh_advisor_v1_DoseSlice } from './dh/advisor/v1/DoseSlice.js';
import type { DoseVolumeCurveInit as _dh_advisor_v1_DoseVolumeCurveInit, DoseVolumeCurve as _dh_advisor_v1_DoseVolumeCurve } from './dh/advisor/v1/DoseVolumeCurve.js';
import type { DoseVolumePointInit as _dh_advisor_v1_DoseVolumePointInit, DoseVolumePoint as _dh_advisor_v1_DoseVolumePoint } from './dh/advisor/v1/DoseVolumePoint.js';
import type { EarlyStoppingAdviceInit as _dh_advisor_v1_EarlyStoppingAdviceInit, EarlyStoppingAdvice as _dh_advisor_v1_EarlyStoppingAdvice } from './dh/advisor/v1/EarlyStoppingAdvice.js';
import type { GeometryInit as _dh_advisor_v1_GeometryInit, Geometry as _dh_advisor_v1_Geometry } from './dh/advisor/v1/Geometry.js';
import type { GeometryAdviceInit as _dh_advisor_v1_GeometryAdviceInit, GeometryAdvice as _dh_advisor_v1_GeometryAdvice } from './dh/advisor/v1/GeometryAdvice.js';
import type { HistogramSigmaAdviceInit as _dh_advisor_v1_HistogramSigmaAdviceInit, HistogramSigmaAdvice as _dh_advisor_v1_HistogramSigmaAdvice } from './dh/advisor/v1/HistogramSigmaAdvice.js';
import type { InitializationAdviceInit as _dh_advisor_v1_InitializationAdviceInit, InitializationAdvice as _dh_advisor_v1_InitializationAdvice } from './dh/advisor/v1/InitializationAdvice.js';
import type { IterationInit as _dh_advisor_v1_IterationInit, Iteration as _dh_advisor_v1_Iteration } from './dh/advisor/v1/Iteration.js';
import type { IterationAdviceInit as _dh_advisor_v1_IterationAdviceInit, IterationAdvice as _dh_advisor_v1_IterationAdvice } from './dh/advisor/v1/IterationAdvice.js';
import type { LevelAdviceInit as _dh_advisor_v1_LevelAdviceInit, LevelAdvice as _dh_advisor_v1_LevelAdvice } from './dh/advisor/v1/LevelAdvice.js';
import type { LevelEndInit as _dh_advisor_v1_LevelEndInit, LevelEnd as _dh_advisor_v1_LevelEnd } from './dh/advisor/v1/LevelEnd.js';
import type { LevelPlanInit as _dh_advisor_v1_LevelPlanInit, LevelPlan as _dh_advisor_v1_LevelPlan } from './dh/advisor/v1/LevelPlan.js';
import type { LevelStartInit as _dh_advisor_v1_LevelStartInit, LevelStart as _dh_advisor_v1_LevelStart } from './dh/advisor/v1/LevelStart.js';
import type { NamedTensorInit as _dh_advisor_v1_NamedTensorInit, NamedTensor as _dh_advisor_v1_NamedTensor } from './dh/advisor/v1/NamedTensor.js';
import type { NoticeInit as _dh_advisor_v1_NoticeInit, Notice as _dh_advisor_v1_Notice } from './dh/advisor/v1/Notice.js';
import type { OptimizerEventInit as _dh_advisor_v1_OptimizerEventInit, OptimizerEvent as _dh_advisor_v1_OptimizerEvent } from './dh/advisor/v1/OptimizerEvent.js';
import type { OutcomeCountInit as _dh_advisor_v1_OutcomeCountInit, OutcomeCount as _dh_advisor_v1_OutcomeCount } from './dh/advisor/v1/OutcomeCount.js';
import type { PlanAdvisorClient as _dh_advisor_v1_PlanAdvisorClient, PlanAdvisorDefinition as _dh_advisor_v1_PlanAdvisorDefinition } from './dh/advisor/v1/PlanAdvisor.js';
import type { PlanFinishInit as _dh_advisor_v1_PlanFinishInit, PlanFinish as _dh_advisor_v1_PlanFinish } from './dh/advisor/v1/PlanFinish.js';
import type { PlanStartInit as _dh_advisor_v1_PlanStartInit, PlanStart as _dh_advisor_v1_PlanStart } from './dh/advisor/v1/PlanStart.js';
import type { ProtocolVersionInit as _dh_advisor_v1_ProtocolVersionInit, ProtocolVersion as _dh_advisor_v1_ProtocolVersion } from './dh/advisor/v1/ProtocolVersion.js';
import type { ProvenanceInit as _dh_advisor_v1_ProvenanceInit, Provenance as _dh_advisor_v1_Provenance } from './dh/advisor/v1/Provenance.js';
import type { PyramidSigmaAdviceInit as _dh_advisor_v1_PyramidSigmaAdviceInit, PyramidSigmaAdvice as _dh_advisor_v1_PyramidSigmaAdvice } from './dh/advisor/v1/PyramidSigmaAdvice.js';
import type { RoleBindingInit as _dh_advisor_v1_RoleBindingInit, RoleBinding as _dh_advisor_v1_RoleBinding } from './dh/advisor/v1/RoleBinding.js';
import type { SelfCheckInit as _dh_advisor_v1_SelfCheckInit, SelfCheck as _dh_advisor_v1_SelfCheck } from './dh/advisor/v1/SelfCheck.js';
import type { StageInit as _dh_advisor_v1_StageInit, Stage as _dh_advisor_v1_Stage } from './dh/advisor/v1/Stage.js';
import type { StepDirectionAdviceInit as _dh_advisor_v1_StepDirectionAdviceInit, StepDirectionAdvice as _dh_advisor_v1_StepDirectionAdvice } from './dh/advisor/v1/StepDirectionAdvice.js';
import type { StructureInit as _dh_advisor_v1_StructureInit, Structure as _dh_advisor_v1_Structure } from './dh/advisor/v1/Structure.js';
import type { StructureGeometryInit as _dh_advisor_v1_StructureGeometryInit, StructureGeometry as _dh_advisor_v1_StructureGeometry } from './dh/advisor/v1/StructureGeometry.js';
import type { StructureSigmaInit as _dh_advisor_v1_StructureSigmaInit, StructureSigma as _dh_advisor_v1_StructureSigma } from './dh/advisor/v1/StructureSigma.js';
import type { SummaryInit as _dh_advisor_v1_SummaryInit, Summary as _dh_advisor_v1_Summary } from './dh/advisor/v1/Summary.js';
import type { TensorInit as _dh_advisor_v1_TensorInit, Tensor as _dh_advisor_v1_Tensor } from './dh/advisor/v1/Tensor.js';
import type { UnadvisedPlanInit as _dh_advisor_v1_UnadvisedPlanInit, UnadvisedPlan as _dh_advisor_v1_UnadvisedPlan } from './dh/advisor/v1/UnadvisedPlan.js';
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
        AdvisorEvent: MessageTypeDefinition<_dh_advisor_v1_AdvisorEventInit, _dh_advisor_v1_AdvisorEvent>
        Beam: MessageTypeDefinition<_dh_advisor_v1_BeamInit, _dh_advisor_v1_Beam>
        DataType: EnumTypeDefinition
        DirectionSpace: EnumTypeDefinition
        DoseMetric: MessageTypeDefinition<_dh_advisor_v1_DoseMetricInit, _dh_advisor_v1_DoseMetric>
        DoseSlice: MessageTypeDefinition<_dh_advisor_v1_DoseSliceInit, _dh_advisor_v1_DoseSlice>
        DoseVolumeCurve: MessageTypeDefinition<_dh_advisor_v1_DoseVolumeCurveInit, _dh_advisor_v1_DoseVolumeCurve>
        DoseVolumePoint: MessageTypeDefinition<_dh_advisor_v1_DoseVolumePointInit, _dh_advisor_v1_DoseVolumePoint>
        EarlyStoppingAdvice: MessageTypeDefinition<_dh_advisor_v1_EarlyStoppingAdviceInit, _dh_advisor_v1_EarlyStoppingAdvice>
        Geometry: MessageTypeDefinition<_dh_advisor_v1_GeometryInit, _dh_advisor_v1_Geometry>
        GeometryAdvice: MessageTypeDefinition<_dh_advisor_v1_GeometryAdviceInit, _dh_advisor_v1_GeometryAdvice>
        HistogramSigmaAdvice: MessageTypeDefinition<_dh_advisor_v1_HistogramSigmaAdviceInit, _dh_advisor_v1_HistogramSigmaAdvice>
        InitializationAdvice: MessageTypeDefinition<_dh_advisor_v1_InitializationAdviceInit, _dh_advisor_v1_InitializationAdvice>
        Iteration: MessageTypeDefinition<_dh_advisor_v1_IterationInit, _dh_advisor_v1_Iteration>
        IterationAdvice: MessageTypeDefinition<_dh_advisor_v1_IterationAdviceInit, _dh_advisor_v1_IterationAdvice>
        LevelAdvice: MessageTypeDefinition<_dh_advisor_v1_LevelAdviceInit, _dh_advisor_v1_LevelAdvice>
        LevelEnd: MessageTypeDefinition<_dh_advisor_v1_LevelEndInit, _dh_advisor_v1_LevelEnd>
        LevelPlan: MessageTypeDefinition<_dh_advisor_v1_LevelPlanInit, _dh_advisor_v1_LevelPlan>
        LevelStart: MessageTypeDefinition<_dh_advisor_v1_LevelStartInit, _dh_advisor_v1_LevelStart>
        NamedTensor: MessageTypeDefinition<_dh_advisor_v1_NamedTensorInit, _dh_advisor_v1_NamedTensor>
        Notice: MessageTypeDefinition<_dh_advisor_v1_NoticeInit, _dh_advisor_v1_Notice>
        NoticeKind: EnumTypeDefinition
        OptimizerEvent: MessageTypeDefinition<_dh_advisor_v1_OptimizerEventInit, _dh_advisor_v1_OptimizerEvent>
        Outcome: EnumTypeDefinition
        OutcomeCount: MessageTypeDefinition<_dh_advisor_v1_OutcomeCountInit, _dh_advisor_v1_OutcomeCount>
        PlanAdvisor: SubtypeConstructor<typeof grpc.Client, _dh_advisor_v1_PlanAdvisorClient> & { service: _dh_advisor_v1_PlanAdvisorDefinition }
        PlanFinish: MessageTypeDefinition<_dh_advisor_v1_PlanFinishInit, _dh_advisor_v1_PlanFinish>
        PlanStart: MessageTypeDefinition<_dh_advisor_v1_PlanStartInit, _dh_advisor_v1_PlanStart>
        Plane: EnumTypeDefinition
        ProtocolVersion: MessageTypeDefinition<_dh_advisor_v1_ProtocolVersionInit, _dh_advisor_v1_ProtocolVersion>
        Provenance: MessageTypeDefinition<_dh_advisor_v1_ProvenanceInit, _dh_advisor_v1_Provenance>
        PyramidSigmaAdvice: MessageTypeDefinition<_dh_advisor_v1_PyramidSigmaAdviceInit, _dh_advisor_v1_PyramidSigmaAdvice>
        Quality: EnumTypeDefinition
        Role: EnumTypeDefinition
        RoleBinding: MessageTypeDefinition<_dh_advisor_v1_RoleBindingInit, _dh_advisor_v1_RoleBinding>
        SelfCheck: MessageTypeDefinition<_dh_advisor_v1_SelfCheckInit, _dh_advisor_v1_SelfCheck>
        SelfCheckOutcome: EnumTypeDefinition
        Solver: EnumTypeDefinition
        Stage: MessageTypeDefinition<_dh_advisor_v1_StageInit, _dh_advisor_v1_Stage>
        StepDirectionAdvice: MessageTypeDefinition<_dh_advisor_v1_StepDirectionAdviceInit, _dh_advisor_v1_StepDirectionAdvice>
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
        Verdict: EnumTypeDefinition
        VerdictCount: MessageTypeDefinition<_dh_advisor_v1_VerdictCountInit, _dh_advisor_v1_VerdictCount>
        VolumeChunk: MessageTypeDefinition<_dh_advisor_v1_VolumeChunkInit, _dh_advisor_v1_VolumeChunk>
        WantedTensor: MessageTypeDefinition<_dh_advisor_v1_WantedTensorInit, _dh_advisor_v1_WantedTensor>
      }
    }
  }
}

