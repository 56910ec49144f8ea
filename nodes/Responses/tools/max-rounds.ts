/** How often the model may call connected tools for one item, where the user sets nothing. */
export const MAX_TOOL_ROUNDS = 10;
