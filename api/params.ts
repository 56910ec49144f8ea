import type { ResponseCreateParamsBase } from 'openai/resources/responses/responses';

/**
 * The four parameters that gateways document for `POST /responses` and that OpenAI's types lack.
 * Source: AnyFast's page of that endpoint (`frequency_penalty` and `presence_penalty` from -2 to 2,
 * `n` from 1, `stop` one string). Sent only if the user sets them: OpenAI itself refuses them.
 */
export type GatewayParams = {
	frequency_penalty: number;
	presence_penalty: number;
	n: number;
	stop: string;
};

/** (Part of) the body of `POST /responses`. Types only: nothing of `openai` is loaded at run time. */
export type Body = Partial<ResponseCreateParamsBase & GatewayParams>;
