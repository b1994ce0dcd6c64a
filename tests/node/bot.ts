// A bot for a custom bot integration. What it reads and answers has the message types of a public client library.

import type { BaseSendMessageReq, Message, MessageContentType } from '@applozic/core-sdk';

type Attachment = {
  type: string;
  payload: { name?: string; url?: string; size?: number; lat?: number; lon?: number };
};

export type Call = Pick<Message, 'key' | 'message' | 'source'> & {
  botId: string;
  from: string;
  groupId: number;
  contentType: MessageContentType | number;
  createdAt: number;
  eventName?: string;
  metadata: { KM_CHAT_CONTEXT: { groupId: string; botId: string; attachments: Attachment[] } };
};

export type Reply = Pick<BaseSendMessageReq, 'message' | 'metadata' | 'contentType'>;

const buttons = (...titles: string[]): Reply['metadata'] => ({
  contentType: '300',
  templateId: '6',
  payload: JSON.stringify(titles.map((title) => ({ title, message: title }))),
});

const about = ({ type, payload }: Attachment): string =>
  type === 'location' ? `the place ${payload.lat}, ${payload.lon}` : `${payload.name} (${type}, ${payload.size} bytes)`;

export function answer(call: Call): Reply[] {
  if (call.eventName === 'WELCOME') {
    return [{ message: 'Welcome!', metadata: buttons('My order', 'A human') }];
  }
  if (call.eventName === 'KOMMUNICATE_MEDIA_EVENT') {
    return [{ message: `Thank you for ${call.metadata.KM_CHAT_CONTEXT.attachments.map(about).join(', ')}` }];
  }
  if (call.message === 'A human') {
    return [{ message: 'An agent takes over', metadata: { KM_ASSIGN_TO: '' } }];
  }
  return [{ message: `You said: ${call.message}` }, { message: 'What else?', metadata: buttons('A human') }];
}
