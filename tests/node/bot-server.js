// Serves the bot of bot.ts with express; the first line it prints is the port.

const express = require('express');
const { answer } = require('./built/bot.js');

const app = express();
app.post('/bot', express.json(), (request, response) => {
  if (request.get('X-Bot-Key') !== process.argv[2]) {
    response.status(401).end();
    return;
  }
  response.json(answer(request.body));
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
