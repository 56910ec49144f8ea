export { ResponsesApi } from './credentials/ResponsesApi.credentials';
export { LmChatResponses } from './nodes/LmChatResponses/LmChatResponses.node';
export { Responses } from './nodes/Responses/Responses.node';
