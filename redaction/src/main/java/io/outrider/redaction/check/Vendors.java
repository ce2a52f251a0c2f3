package io.outrider.redaction.check;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Names of services that give out keys. A key that has no shape of its own is known by whose it
/// is: `ACME_KEY=…`, `acme.token: …`.
final class Vendors {
  private static final Set<String> NAMES =
      Set.of(
          """
          ably abstractapi abuseipdb accuweather activecampaign adafruit adobe adyen agora aha
          ahrefs ai21 ai21studio aikido airbrake airbyte airflow airship airtable airvisual aiven
          akamai alchemy algolia alibaba alibabacloud alicloud aliyun alpaca alphavantage amadeus
          amazon ambee amplitude anthropic anthropicai anypoint anyscale apiflash apify apilayer
          apollo appcenter appcues appdynamics appfollow applitools appsmith apptentive apptweak
          appveyor arcjet argocd artifactory asaas asana assemblyai astra atera atlassian attio
          auth0 authentik authress autodesk aviationstack aws awx ayrshare azure backblaze baidu
          bamboo bannerbear baremetrics baseten beamer betterstack bigcommerce billplz binance
          bing bitbar bitbucket bitfinex bitget bitly bitmex bitrise bitsight bittrex bitwarden
          blazemeter blockcypher blockfrost blynk braintree brandfetch brevo browserbase
          browserless browserstack browshot bscscan btcpay bugcrowd bugherd bugsnag builderio
          buildkite bybit calendarific calendly canva captaindata cartesia carto cashfree ccavenue
          censys cerebras cfxre chargebee chartmogul checkly checkmarx cielo cio circleci cisco
          clarifai claude clay clearbit clerk clickhouse clicksend clickup clicky clockify clojars
          cloudant cloudconvert cloudflare cloudinary cloudmersive cloudsight cloudsmith codacy
          codeclimate codecov codemagic codesandbox codestats cohere coinapi coinbase coingecko
          coinlayer coinmarketcap coinpayments configcat confluence confluent contentful
          contentstack convertkit convex coralogix couchbase coveralls coze crowdin crowdstrike
          cryptocompare currencylayer customerio cypress dailyco databento databox databricks
          datadog datagov dataiku datarobot datastax dd deepai deepgram deepl deepseek denodeploy
          deribit descope detectify devcycle deviantart dhl dialogflow diffbot digicert
          digitalocean directus discogs discord discourse disqus docker dockerhub docparser
          docusign doppler dotdigital dreamhost dribbble dropbox duckdb duffel duo dwolla
          dynatrace ebay edamam edenai elastic elasticemail elasticsearch elevenlabs enphase env0
          etherscan etsy eventbrite everhour evernote exchangerate exotel expensify facebook
          faceplusplus fal falai fastly fastspring fauna fb fcm fernet figma fileio filestack
          finicity finnhub firebase firecrawl fireworks fitbit fivetran fixerio flagsmith flickr
          flipside flutterwave formspree foursquare frameio freemius freepik freshbooks freshchat
          freshdesk freshsales freshservice ftx fullcontact fullstory gateio gcp geckoboard
          gemfury gemini gemstash geoapify geocodio getnet getresponse ghl ghost giphy gitea
          github gitlab gitter glassnode gocardless godaddy gohighlevel google gorgias grafana
          graphhopper groq guardian gumroad hackerone hashicorp hasura hcaptcha hcp helicone
          hellosign helpscout hereapi heroku hetzner hexpm hookdeck hotjar htx hubspot huggingface
          hunter hunterio huobi hyperbolic hyperpay hypixel ibkr ibm ibmcloud iconfinder iexapis
          iexcloud imagekit imgbb imgix imgur infobip infracost infura inngest instacart instagram
          instamojo intercom intra42 intrinio invision ionic ip2location ipapi ipdata
          ipgeolocation ipify ipinfo ipqualityscore ipregistry ipstack iterable iugu iyzico jamf
          jenkins jetbrains jfrog jina jira jotform jscrambler judge0 jumpcloud juspay kaggle kagi
          keen keenio keycdn keycloak kickbox klarna klaviyo kobiton kong kontent kraken kubecost
          kucoin lacework lalamove lambdatest langchain langfuse langsmith lark larksuite lastfm
          launchdarkly leanix leanplum lemlist lemonsqueezy lessannoyingcrm lightspeed lightstep
          linkedin linkerd linkpreview linode litellm liveblocks livekit livestorm loadmill lob
          locationiq logdna loggly logicmonitor loginradius logrocket logtail logzio lokalise
          looker loom mailboxlayer mailchimp mailerlite mailersend mailgun mailjet mailmodo
          mailsac mailtrap mandrill mapbox mapquest maptiler marketo marketstack mashape
          mattermost maxmind meilisearch memberstack mendix meraki mercadopago messagebird metaapi
          metabase mexc microsoft midtrans minimax mintlify miro mistral mixpanel mlflow mollie
          monday moneywave mongodb moonpay moonshot moralis mouseflow moyasar mparticle mux nasdaq
          nessus netlify newrelic newsapi newscatcher nexmo nftport ngrok nightfall nomad
          northflank notion novu nowpayments npm nuget nutritionix nvidia nylas nytimes oanda
          octoai octopus okta okx ollama omise omnisend onelogin onesignal openai opencage
          opencagedata openexchangerates opengraph opennode openrouter opensea openuv openweather
          openweathermap opsgenie opsramp optimizely oracle ory outlook outsystems ovsx owlracle
          owm packagecloud packagist pagarme pagerduty pagseguro pandadoc papertrail parsehub
          parseur pastebin payfort paymongo paypal paystack paytabs paytm paytr payu pd pdflayer
          pdfshift pendo percy perplexity pexels phemex phonepe picpay pinata pinecone pingdom
          pingidentity pingone pinterest pipedream pipedrive pivotaltracker pixabay plaid
          planetscale plausible playht plivo podio pollinations polygon polygonscan polymarket
          portainer portkey positionstack postageapp posterous posthog postman postmark prismic
          privy procore prodpad productboard proxycrawl pubnub pulsedive pulumi pushbullet pusher
          pushover pyowm pypi qase qdrant qiita qualtrics qualys quandl quay questrade quickbooks
          quicknode rabbitmq rapid7 rapidapi razorpay readme rebrandly recaptcha recurly reddit
          redis redocly replit resend retool revenuecat revolut ringcentral riotgames rocketchat
          rocketreach rollbar rubygems rudderstack runpod runwayml safetyculture sailthru
          salesforce salesloft sambanova sanity saucelabs scaleway scalingo scalr scrapegraph
          scraperapi scrapfly scrapingant scrapingbee screenshotapi searchapi securitytrails
          segment semaphore semgrep semrush senangpay sendbird sendgrid sendinblue sentinelone
          sentry serpapi serper serpstack servicenow shipengine shippo shodan shopify shutterstock
          sightengine signalfx signalwire signifyd siliconflow simfin simplybook sinch sirv
          skyscanner slack smartling smartsheet smartsheets smartystreets sms77 snapchat snipcart
          snowflake snyk solana sonar sonarcloud sonarqube sonatype soniox sourcegraph spacelift
          sparkpost speechmatics splitio splunk spoonacular spotify sqreen square squarespace
          squareup stabilityai statsig statuscake statuspage statuspal steam stoplight storyblok
          strapi strava streamlit stripe stytch sumologic supabase supportbee surrealdb
          surveymonkey survicate svix swaggerhub swiftype synthesia tableau taboola tailscale
          tamara tappay tatum tavily taxjar teamcity teamviewer teamwork telegram telesign telnyx
          tenable tencent tencentcloud terraform testrail thawani thingsboard thinkific
          thousandeyes ticketmaster tidb tiingo tiktok tinify tinypng todoist togetherai toggl
          tolgee tomorrowio tomtom trackjs tradestation tradier transak transferwise transifex
          travis travisci trello trendmicro trivago truenas tumblr turso twelvedata twelvelabs
          twilio twitch twitter tyntec typeform typesense ubidots unleash unsplash upcloud uplead
          uploadcare upstage upstash uptimerobot urlscan userstack uservoice vagrant vagrantcloud
          vatlayer vault veracode vercel veriphone viber vimeo virustotal visualcrossing voiceflow
          voiceit vonage vouchery voyage voyageai vpnapi vultr wakatime walkscore wandb watson
          weatherapi weatherbit weatherstack weaviate webex webflow wechat weightsandbiases
          whatsapp whitesource wistia witai wix wiz woocommerce wordpress workato workos worldpay
          wrike wyre xai xendit xero yahoo yandex yelp youneedabudget youtube zapier zendesk
          zenrows zenscrape zenserp zeplin zerobounce zerohash zerotier zhipu zilliz zoho zohocrm
          zoom zoominfo zulip
          """
              .strip()
              .split("\\s+"));

  /// Words of names whose values are random and no secret.
  private static final Set<String> OPEN =
      Set.of(
          "pub",
          "public",
          "publishable",
          "thumbprint",
          "fingerprint",
          "digest",
          "hash",
          "checksum",
          "sum",
          "cache",
          "etag",
          "sha",
          "sha1",
          "sha256",
          "md5",
          "page",
          "next",
          "continuation",
          "csrf",
          "xsrf",
          "certificate",
          "nonce",
          "integrity",
          "revision",
          "version",
          "author",
          "monkey",
          "keyboard",
          "keyring",
          "tokenizer",
          "keyword",
          "keywords");

  /// Last words of names that say something about a key.
  private static final Set<String> ENDS =
      Set.of(
          "id",
          "ids",
          "name",
          "type",
          "arn",
          "alias",
          "ref",
          "count",
          "length",
          "label",
          "title",
          "description",
          "prefix",
          "format",
          "host",
          "region",
          "endpoint",
          "algorithm",
          "path",
          "file",
          "url",
          "uri");

  /// So much of a text before a value can say whose it is.
  private static final int REACH = 72;

  /// Vendors of fewer letters must be a whole word of a name.
  private static final int LEAST_PREFIX = 5;

  private static final int LONGEST = NAMES.stream().mapToInt(String::length).max().orElseThrow();

  private Vendors() {}

  /// A key under a name that says a secret and a vendor. What is hexadecimal or a UUID could be a
  /// hash or an id, so its own name must say both.
  static boolean isKey(byte[] text, int begin, int end, int start, int stop) {
    int name = nameStart(text, begin, start);
    if (!Checks.isTokenLike(text, begin, end, start, stop) || isOfOther(text, name, start)) {
      return false;
    }
    boolean uuid = stop - start == 36 && text[start + 8] == '-' && text[start + 23] == '-';
    if (uuid || Checks.isHex(text, start, stop)) {
      return hasDigits(text, start, stop) && says(text, name, start);
    }
    return isKeyLike(text, begin, end, start, stop) && nearby(text, begin, start);
  }

  /// Letters and digits, and not the name of something in a program, which has words in it.
  static boolean isDenseValue(byte[] text, int begin, int end, int start, int stop) {
    int from = start;
    for (int i = start; i < stop; i++) {
      from = "-_.".indexOf(text[i]) >= 0 ? i + 1 : from;
    }
    return Checks.isTokenLike(text, begin, end, start, stop) && !isCamelCase(text, from, stop);
  }

  /// `V1SecretVolumeSource`: the name of something in a program.
  static boolean isCamelName(byte[] text, int start, int stop) {
    int digits = 0;
    for (int i = start; i < stop; i++) {
      if (!Bytes.isAlphanumeric(text[i])) {
        return false;
      }
      digits += Bytes.isDigit(text[i]) ? 1 : 0;
    }
    return digits <= 2 && isCapital(text[start]) && isCamelCase(text, start, stop);
  }

  /// One word of four small letters or more to ten characters, and few changes of case.
  private static boolean isCamelCase(byte[] text, int start, int stop) {
    int words = 0;
    int run = 0;
    for (int i = start; i <= stop; i++) {
      if (i < stop && text[i] >= 'a' && text[i] <= 'z') {
        run++;
      } else {
        words += run >= 4 ? 1 : 0;
        run = 0;
      }
    }
    return words * 10 >= stop - start
        && LooseChecks.turns(text, start, stop) * 5 < (stop - start) * 2;
  }

  /// Random, or a prefix of words and then something random.
  private static boolean isKeyLike(byte[] text, int begin, int end, int start, int stop) {
    int part = start;
    for (int i = start; i < stop; i++) {
      if ("-_.:/|~*@".indexOf(text[i]) >= 0) {
        if (isDense(text, part, i)) {
          return true;
        }
        part = i + 1;
      }
    }
    return isDense(text, part, stop)
        || (part == start || stop - part >= 12)
            && LooseChecks.isToldToken(text, begin, end, part, stop);
  }

  /// Sixteen or more characters that change between small letters, capitals and digits as often as
  /// those of a random value do, or that are hexadecimal.
  private static boolean isDense(byte[] text, int start, int stop) {
    int kinds = 0;
    int turns = 0;
    int last = -1;
    int digits = 0;
    for (int i = start; i < stop; i++) {
      byte b = text[i];
      int kind = Bytes.isDigit(b) ? 0 : b >= 'a' && b <= 'z' ? 1 : isCapital(b) ? 2 : 3;
      kinds |= 1 << kind;
      digits += kind == 0 ? 1 : 0;
      turns += last >= 0 && kind != last ? 1 : 0;
      last = kind;
    }
    int n = stop - start;
    return n >= 16
        && digits > 0
        && (kinds & 6) != 0
        && (turns * 5 >= n * 2
            || (turns * 4 >= n && digits >= 4)
            || Checks.isHex(text, start, stop));
  }

  private static boolean hasDigits(byte[] text, int start, int stop) {
    int digits = 0;
    for (int i = start; i < stop; i++) {
      digits += Bytes.isDigit(text[i]) ? 1 : 0;
    }
    return digits >= 4;
  }

  /// Whether a name says something that is not secret: `stripe_public_key`, `slack_key_id`.
  private static boolean isOfOther(byte[] text, int from, int to) {
    String last = "";
    int at = from;
    while (at < to) {
      if (!Bytes.isAlphanumeric(text[at])) {
        at++;
        continue;
      }
      int stop = wordEnd(text, at, to);
      last = new String(text, at, stop - at, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
      if (OPEN.contains(last)) {
        return true;
      }
      at = stop;
    }
    return ENDS.contains(last);
  }

  /// Whether what stands on the line of a value and the one above says a vendor.
  private static boolean nearby(byte[] text, int begin, int start) {
    int from = start;
    int line = -1;
    while (from > begin && start - from < REACH) {
      byte b = text[from - 1];
      if (b == '\n') {
        if (line >= 0) {
          break;
        }
        line = from;
      }
      if (b == '}' || b == ';' || b == ')') {
        break;
      }
      from--;
    }
    return says(text, line < 0 || isHead(text, from, line - 1) ? from : line, start);
  }

  /// Whether a line is the head of what follows it: few words, or something that opens.
  private static boolean isHead(byte[] text, int from, int stop) {
    int end = stop;
    int words = 0;
    for (int i = from; i < stop; i++) {
      words += Bytes.isToken(text[i]) && (i == from || !Bytes.isToken(text[i - 1])) ? 1 : 0;
      if (text[i] == '"' && i > from && text[i - 1] == ':') {
        // What was before is not of this text.
        words = 0;
      }
    }
    while (end > from && (text[end - 1] == ' ' || text[end - 1] == '\r')) {
      end--;
    }
    return words <= 3 || (end > from && ":{[(=>]".indexOf(text[end - 1]) >= 0);
  }

  /// Where the name before a value begins: words joined by signs or single spaces.
  private static int nameStart(byte[] text, int begin, int start) {
    int at = start;
    while (at > begin
        && start - at < REACH
        && !Bytes.isAlphanumeric(text[at - 1])
        && text[at - 1] != '\n') {
      at--;
    }
    while (at > begin && start - at < REACH) {
      byte b = text[at - 1];
      boolean joined =
          Bytes.isToken(b)
              || b == '.'
              || (b == ' ' && at - 1 > begin && Bytes.isAlphanumeric(text[at - 2]));
      if (!joined) {
        break;
      }
      at--;
    }
    return at;
  }

  private static boolean says(byte[] text, int from, int to) {
    int at = from;
    while (at < to) {
      if (!Bytes.isAlphanumeric(text[at])) {
        at++;
      } else {
        if (beginsAt(text, at, to)) {
          return true;
        }
        at = wordEnd(text, at, to);
      }
    }
    return false;
  }

  /// Whether a vendor's name begins at a place: up to three words of it, or the beginning of one.
  private static boolean beginsAt(byte[] text, int at, int to) {
    var name = new StringBuilder();
    int end = at;
    for (int words = 0; words < 3 && name.length() <= LONGEST; words++) {
      int stop = wordEnd(text, end, to);
      for (int i = end; i < stop; i++) {
        name.append((char) text[i]);
      }
      if (NAMES.contains(name.toString().toLowerCase(Locale.ROOT))) {
        return true;
      }
      end = stop;
      // One sign may part the words of a name.
      if (end < to && "_-. ".indexOf(text[end]) >= 0) {
        end++;
      }
      if (end >= to || !Bytes.isAlphanumeric(text[end])) {
        break;
      }
    }
    String joined = name.toString().toLowerCase(Locale.ROOT);
    for (int n = LEAST_PREFIX; n < Math.min(joined.length(), LONGEST + 1); n++) {
      if (NAMES.contains(joined.substring(0, n))) {
        return true;
      }
    }
    return false;
  }

  /// The end of a word: before a sign, or before a capital that follows a small letter.
  private static int wordEnd(byte[] text, int at, int to) {
    int end = at + 1;
    while (end < to
        && Bytes.isAlphanumeric(text[end])
        && !(isCapital(text[end]) && !isCapital(text[end - 1]))) {
      end++;
    }
    return end;
  }

  private static boolean isCapital(byte b) {
    return b >= 'A' && b <= 'Z';
  }
}
