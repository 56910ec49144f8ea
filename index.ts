export { ResponsesApi } from './credentials/ResponsesApi.credentials';
export { Responses } from './nodes/Responses/Responses.node';
