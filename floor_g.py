from flask import Flask

app = Flask(__name__)


@app.post("/x")
def x():
    return {
        "status": "success",
        "generatedAt": 1700000000000,
        "response": {"messageKey": "5-11320550-1700000000000", "createdAt": 1700000000010},
    }


@app.post("/big")
def big():
    return {"status": "success", "generatedAt": 1700000000000, "response": [{"a": "x" * 350}] * 5}
