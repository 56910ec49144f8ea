// also tells n8n's checks that this node is made with its SDK
import type { SupplyModelOptions } from '@n8n/ai-node-sdk';
import { NodeConnectionTypes, type INodeType, type INodeTypeDescription, type ISupplyDataFunctions, type SupplyData } from 'n8n-workflow';

import { CREDENTIAL } from '../../api/http/connection';
import { loadSdk } from '../shared/ai-sdk';
import { toNodeProperty } from '../shared/description/field';
import { searchModels } from '../shared/listSearch/searchModels';
import { completeAdapter, type LangChainModel } from './adapter';
import { createModel } from './create-model';
import { fields } from './options';
import { toSubNodeError } from './sub-node-error';

/** What an older n8n lacks */
const SDK_NEED = { needed: 'The Responses Chat Model needs', advice: 'Update n8n. The node Responses API works in this version too' };

/** The chat model that n8n loads, for AI Agents and chains. */
export class LmChatResponses implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Responses Chat Model',
		name: 'lmChatResponses',
		icon: { light: 'file:../Responses/responses.svg', dark: 'file:../Responses/responses.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["model"]["value"] ?? $parameter["model"] }}',
		description: 'Gives AI Agents and chains a model on any server that speaks the OpenAI Responses API, such as AnyFast, AnyAPI or OpenAI',
		defaults: { name: 'Responses Chat Model' },
		inputs: [],
		outputs: [NodeConnectionTypes.AiLanguageModel],
		outputNames: ['Model'],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: fields.map(toNodeProperty),
	};

	methods = { listSearch: { searchModels } };

	async supplyData(this: ISupplyDataFunctions, itemIndex: number): Promise<SupplyData> {
		const item = { context: this, index: itemIndex };
		try {
			const sdk = await loadSdk(item, SDK_NEED);
			const model: SupplyModelOptions = await createModel(item, sdk);
			// n8n's type does not say which class its adapter is
			return { response: completeAdapter(sdk.supplyModel(this, model).response as LangChainModel) };
		} catch (error) {
			const nodeError = toSubNodeError(error, item);
			const { index } = this.addInputData(NodeConnectionTypes.AiLanguageModel, [[{ json: {} }]]);
			this.addOutputData(NodeConnectionTypes.AiLanguageModel, index, nodeError);
			throw nodeError;
		}
	}
}
