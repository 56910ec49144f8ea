/** What the form of a node calls the fields that hints name, and what it offers. */
export interface FormLabels {
	/** The label of the field that sends a parameter, such as `Sampling > Temperature` for `temperature` */
	fieldOf(param: string): string | undefined;
	/** The same, if the field was filled in: a hint blames no field that sent nothing */
	sentFieldOf(param: string): string | undefined;
	/** The fields that sent images or other files, such as `Messages > Image URLs`; absent if none did */
	attachments?: string;
	/** The group that holds Timeout, Max Retries and their like */
	requestSettings: string;
	/** What to do where an answer takes longer than the server or its proxy waits */
	longAnswer: string;
	/** What to do where the server limits the number of calls */
	rateLimit: string;
	/** Which options a server without stored responses does not take */
	storedResponses: string;
}
