from dh_advisor_plugin import EarlyStoppingAdvice, Settings, WantedTensor, define_plugin


class FirstSlope:
    def __init__(self, context):
        pass

    def open_session(self, view):
        return self

    def advise(self, question, call):
        gradient = question.tensors.get("gradient")
        slope = 0.0 if gradient is None else abs(float(gradient[0]))
        return EarlyStoppingAdvice(decision="continue", predicted_final_objective=-slope)


plugin = define_plugin(
    role="early-stopping",
    config=Settings,
    wants=lambda config: [WantedTensor("gradient", every_n=1)],
    create=FirstSlope,
)
