"""A service that sends an invoice and shows a picture."""

import io

import requests
from PIL import Image

made = io.BytesIO()
Image.new("RGB", (2, 1)).save(made, "PNG")
PNG = made.getvalue()


class my_service:  # noqa: N801 - the page's name
    """What the page calls the service."""

    @staticmethod
    def send_invoice(url: str, key: str) -> None:
        """Upload an invoice."""
        files = {"file": ("invoice.pdf", b"%PDF" * 1_000, "application/pdf")}
        requests.post(f"{url}/rest/ws/upload/image", headers={"Api-Key": key}, files=files, timeout=20)

    @staticmethod
    def show(url: str, key: str, blob_key: str) -> bytes:
        """Get the signed URL of a picture, and then the picture, as an <img> does."""
        answer = requests.get(
            f"{url}/rest/ws/file/url", params={"key": blob_key}, headers={"Api-Key": key}, timeout=20
        )
        return requests.get(answer.text, timeout=20).content
