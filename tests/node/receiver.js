// A webhook receiver with express that keeps what it takes; the first line it prints is the port.

const express = require('express');

const [, , token] = process.argv;
const expected = `Basic ${Buffer.from(token).toString('base64')}`;
const got = [];

const app = express();
app.post('/webhook', express.raw({ type: 'application/json' }), (request, response) => {
  if (request.get('Authentication') !== expected) {
    response.status(401).json({ reason: 'another token' });
    return;
  }
  const message = JSON.parse(request.body.toString('utf8'));
  got.push({ headers: request.headers, body: request.body.toString('base64'), message: message.message });
  response.json({ taken: message.key });
});
app.get('/got', (_request, response) => response.json(got));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
