"""Plants topics and comments through Spirit's own models.

Reads {"site", "categories", "posts": [{"key", "topic", "title", "body",
"author", "category", "posted"}]} from stdin; a post with "topic" is a reply to
the post of that key. Writes {key: id of the comment} to stdout.
"""
import json
import os
import sys
from datetime import datetime, timezone

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "leakwatch_settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from spirit.admin.forms import BasicConfigForm  # noqa: E402
from spirit.category.models import Category  # noqa: E402
from spirit.comment.models import Comment  # noqa: E402
from spirit.core.utils.markdown import Markdown  # noqa: E402
from spirit.topic.models import Topic  # noqa: E402

KNOWN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "topics.json")


def rename(site):
    form = BasicConfigForm()
    data = {name: field.initial for name, field in form.fields.items()}
    data["site_name"] = site
    form = BasicConfigForm(data=data)
    if not form.is_valid():
        sys.exit("site name: %s" % form.errors)
    form.save()


def author(name):
    users = get_user_model().objects
    user = users.filter(st__nickname=name).first()
    if user is None:
        user = users.create_user(username="member%d" % users.count(), password=None)
        user.st.nickname = name
        user.st.save()
    return user


def plant(post, topics):
    posted = datetime.fromtimestamp(post["posted"], timezone.utc)
    user = author(post["author"])
    if post.get("topic"):
        topic = Topic.objects.get(pk=topics[post["topic"]])
    else:
        category, _ = Category.objects.get_or_create(title=post["category"])
        topic = Topic.objects.create(user=user, category=category, title=post["title"], date=posted)
        topics[post["key"]] = topic.pk
    comment = Comment.objects.create(
        user=user, topic=topic, comment=post["body"],
        comment_html=Markdown().render(post["body"]), date=posted)
    Topic.objects.filter(pk=topic.pk).update(
        comment_count=Comment.objects.filter(topic=topic).count(), last_active=posted)
    return comment.pk


def main():
    job = json.load(sys.stdin)
    topics = {}
    if os.path.exists(KNOWN):
        with open(KNOWN) as f:
            topics = json.load(f)
    else:
        rename(job["site"])
    ids = {post["key"]: plant(post, topics) for post in job["posts"]}
    with open(KNOWN, "w") as f:
        json.dump(topics, f)
    json.dump(ids, sys.stdout)


main()
