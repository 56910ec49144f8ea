import { conversationOperations } from './conversation';
import { modelOperations } from './model';
import type { Operation } from './operation';
import { responseOperations } from './response';

/** All operations of the node. The form and the execution of an item are made from these entries. */
export const operations: readonly Operation[] = [...responseOperations, ...conversationOperations, ...modelOperations];
