/** The headers of a reply, with names in lower case. */
export type ReplyHeaders = { [name: string]: string };
