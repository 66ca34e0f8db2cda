import json
import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from charter.actions.consultations import erase_comment
from charter.actions.refusals import WrongStage
from charter.models import Comment
from samokov_portal.upkeep.people import member_of_staff

logger = logging.getLogger("samokov_portal.looks")


class Command(BaseCommand):
    help = (
        "Erase what a comment on a draft of the charter says and by whom; as the database's owner. Comments have no"
        " contact by which a person could be found: name the consultation by its key and the comment by its number."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("consultation", type=int, help="the number in the address of its page")
        parser.add_argument("number", type=int, help="the number of the comment in its table")
        parser.add_argument("--by", required=True, help="the user name of the member of staff who answers the request")
        parser.add_argument("--reason", required=True, help="why, without anybody's name; it stays in the history")

    def handle(self, *args: Any, **options: Any) -> None:
        member_of_staff(options["by"])
        named = {"consultation": options["consultation"], "number": options["number"]}
        try:
            comment = Comment.objects.get(**named)
            stone = erase_comment(comment_id=comment.pk, why=options["reason"][:200], now=timezone.now())
        except Comment.DoesNotExist:
            raise CommandError("there is no such comment", returncode=1) from None
        except WrongStage:
            raise CommandError("it is erased already, or its answers are not published yet", returncode=1) from None
        line = {"event": "erasure of a comment", "by": options["by"], "reason": stone.why, **named}
        logger.info(json.dumps(line, ensure_ascii=False))
        self.stdout.write("Erased: 1.")
