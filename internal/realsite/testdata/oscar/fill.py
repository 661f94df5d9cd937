"""Plants products through Oscar's own models.

Reads {"posts": [{"key", "title", "body", "author", "category", "posted",
"price", "currency", "stock"}]} from stdin; writes {key: id of the product} to
stdout.
"""
import json
import os
import shutil
import sys
from datetime import datetime, timezone
from html import escape

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "leakwatch_settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.staticfiles import finders  # noqa: E402
from django.core.management import call_command  # noqa: E402
from oscar.apps.catalogue.categories import create_from_breadcrumbs  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
ProductCategory = get_model("catalogue", "ProductCategory")
Partner = get_model("partner", "Partner")
StockRecord = get_model("partner", "StockRecord")


def missing_image():
    target = os.path.join(settings.MEDIA_ROOT, settings.OSCAR_MISSING_IMAGE_URL)
    if os.path.exists(target):
        return
    os.makedirs(settings.MEDIA_ROOT, exist_ok=True)
    shutil.copy(finders.find("oscar/img/image_not_found.jpg"), target)


def plant(post):
    goods, _ = ProductClass.objects.get_or_create(name="Goods")
    partner, _ = Partner.objects.get_or_create(name=post["author"])
    product = Product.objects.create(
        title=post["title"], product_class=goods,
        description="<br/>".join(escape(line) for line in post["body"].split("\n")))
    posted = datetime.fromtimestamp(post["posted"], timezone.utc)
    Product.objects.filter(pk=product.pk).update(date_created=posted)
    ProductCategory.objects.create(product=product, category=create_from_breadcrumbs(post["category"]))
    if post["price"]:
        StockRecord.objects.create(
            product=product, partner=partner, partner_sku=post["key"], price=post["price"],
            price_currency=post["currency"], num_in_stock=post["stock"])
    return product.pk


def main():
    missing_image()
    job = json.load(sys.stdin)
    ids = {post["key"]: plant(post) for post in job["posts"]}
    call_command("update_index", verbosity=0)
    json.dump(ids, sys.stdout)


main()
